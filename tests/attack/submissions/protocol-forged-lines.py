# item: attention-weighted-sum
# expect: timeout
# attack: says that it is on lines that the file has not, then hangs
# limit-seconds: 0.5
# says: still in line 8\.
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    send({"at": [999_999, 8, 54_321]})
    __import__("signal").signal(__import__("signal").SIGALRM, __import__("signal").SIG_IGN)
    while True:
        pass
