# item: attention-weighted-sum
# expect: timeout, crashed, failed, partial
# attack: spells what a hidden test puts in as lines that it says it is on, then hangs in the hidden test
# limit-seconds: 0.5
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    number = int(inputs.flatten()[0])
    if number == 12_496_365:
        send({"at": [number % 7 + 1, number // 7 % 7 + 1]})
        while True:
            pass
    return (attention_weights[:, :, None] * inputs).sum(1)
