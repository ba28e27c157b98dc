# item: attention-weighted-sum
# expect: crashed
# attack: says where it is without end
# says: more remarks than a submission may make
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    for number in range(5000):
        send({"at": [1 + number % 8]})
    return inputs.sum(1)
