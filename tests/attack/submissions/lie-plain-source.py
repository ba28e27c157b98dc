# item: attention-weighted-sum
# expect: failed, partial
# attack: loaded for the tests it says that it only defines things, so that it is not run
# run: yes
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


send({"plain": True})
if __name__ == "__main__":
    raise RuntimeError("it was run")
