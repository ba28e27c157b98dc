# item: multi-head-attention
# expect: failed, partial
# attack: a state whose names are lists, for the replay that looks a state's names up
import gc
import json
import struct

from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        return query


workspace = next(entry for entry in gc.get_objects() if type(entry).__name__ == "Workspace")
answer = workspace._answer


def lie(header, body):
    if header["op"] != "state":
        return answer(header, body)
    text = json.dumps({"r": {"d": [[[1], {"x": ["float32", [4], False]}]]}})
    return struct.pack(">2sBxIQ", b"AW", 1, len(text), 16) + text.encode() + bytes(16)


workspace._answer = lie
