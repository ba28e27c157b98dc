# item: attention-weighted-sum
# expect: crashed
# attack: says of its source what is no truth value
# says: a remark of no known form
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    send({"plain": {"x": 1}})
    return inputs.sum(1)
