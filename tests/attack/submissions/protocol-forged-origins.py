# item: attention-weighted-sum
# expect: failed, partial, crashed, error
# attack: claims that every reply made the very function that was called, so that a call can be traced back without end
import os
import struct
import json

PREFIX = struct.Struct(">2sBxIQ")
real_write = os.write


def write(fd, data):
    raw = bytes(data)
    if raw[:3] != b"AW\x01":
        return real_write(fd, data)
    handles = [{"h": {"id": n, "kind": "function", "name": "f", "flags": ["callable"]}} for n in range(300)]
    text = json.dumps({"r": handles}).encode()
    rest = raw
    while len(rest) >= PREFIX.size:  # replies to requests that were made together come together
        size, length = PREFIX.unpack_from(rest)[2:]
        real_write(fd, PREFIX.pack(b"AW", 1, len(text), 0) + text)
        rest = rest[PREFIX.size + size + length :]
    return len(raw)


def attention_weighted_sum(inputs, attention_weights):
    os.write = write
    return inputs.sum(1)
