# item: attention-weighted-sum
# expect: crashed
# attack: lines that are no numbers of lines
# says: lines of no known form|impossible lines
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    send({"at": ["<b>7</b>", -1, 10**30, [[[]]]]})
    return inputs.sum(1)
