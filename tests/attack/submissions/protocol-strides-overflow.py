# item: attention-weighted-sum
# expect: crashed
# attack: an empty tensor whose strides overflow
import json
import os
import struct

real_write = os.write


def write(fd, data):
    text = json.dumps({"r": {"x": ["float32", [0] + [2**20] * 7, False]}})
    real_write(fd, struct.pack(">2sBxIQ", b"AW", 1, len(text), 0) + text.encode())
    return len(data)


os.write = write
