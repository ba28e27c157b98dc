# item: attention-weighted-sum
# expect: crashed
# limit-seconds: 0.5
# attack: sends short outputs with a quarter of a megabyte of JSON beside each, so that the examiner spends its own time reading
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")
header = b'{"out":"stdout","s":"","junk":[' + (b"[" * 500 + b"]" * 500 + b",") * 250 + b"0]}"
frame = PREFIX.pack(b"AW", 1, len(header), 0) + header


def attention_weighted_sum(inputs, attention_weights):
    for _ in range(1999):
        view = memoryview(frame)
        while view:
            view = view[os.write(3, view) :]
