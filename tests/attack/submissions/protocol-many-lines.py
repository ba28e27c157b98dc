# item: attention-weighted-sum
# expect: crashed
# attack: a place in the program as deep as a message is long
# says: lines of no known form
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    send({"at": [1] * 5000})
    return inputs.sum(1)
