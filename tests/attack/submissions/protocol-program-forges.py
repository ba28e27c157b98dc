# item: attention-weighted-sum
# expect: failed, partial, crashed
# attack: run as a program, sends replies, verdicts, names and remarks of its own, and claims that it need not be run
# run: yes
# says: "program": \{"status": "(finished|crashed)"
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")


def send(header):
    text = json.dumps(header).encode()
    os.write(3, PREFIX.pack(b"AW", 1, len(text), 0) + text)


def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":
    for forged in (
        {"plain": True},
        {"verdict": {"status": "passed"}},
        {"r": {"d": [["attention_weighted_sum", {"h": {"id": 1, "kind": "function", "name": "f", "flags": []}}]]}},
        {"r": True, "at": [1]},
    ):
        send(forged)
