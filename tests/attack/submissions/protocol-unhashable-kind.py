# item: attention-weighted-sum
# expect: crashed
# attack: a handle whose kind is a list, which no set can be asked for
import json
import os
import struct

real_write = os.write


def write(fd, data):
    text = json.dumps({"r": {"d": [["attention_weighted_sum", {"h": {"id": 0, "kind": [], "name": "", "flags": []}}]]}})
    real_write(fd, struct.pack(">2sBxIQ", b"AW", 1, len(text), 0) + text.encode())
    return len(data)


os.write = write
