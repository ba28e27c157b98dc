# item: scaled-dot-product-attention
# expect: crashed, failed, partial, error
# attack: a header that is not JSON, not UTF-8 and not finished
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")
real_write = os.write


def write_all(fd, data):
    while data:
        data = data[real_write(fd, data) :]


def hook(change):
    """Let `change(fd, header, body)` send in place of every frame that the candidate sends."""

    def write(fd, data):
        raw = bytes(data)
        if raw[:3] != b"AW\x01" or len(raw) < PREFIX.size:
            return real_write(fd, data)
        rest = raw
        while len(rest) >= PREFIX.size:  # replies to requests that were made together come together
            size, length = PREFIX.unpack_from(rest)[2:]
            end = PREFIX.size + size + length
            change(fd, json.loads(rest[PREFIX.size : PREFIX.size + size]), rest[PREFIX.size + size : end])
            rest = rest[end:]
        return len(raw)

    os.write = write


def frame(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return PREFIX.pack(b"AW", 1, len(text), len(body)) + text + body


def replace(node, change):
    """The node with every tensor node given to `change`."""
    if isinstance(node, list):
        return [replace(entry, change) for entry in node]
    if isinstance(node, dict):
        return change(node) if set(node) == {"x"} else {key: replace(entry, change) for key, entry in node.items()}
    return node


import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def change(fd, header, body):
    write_all(fd, frame(b'{"r": [1, 2, \xff\xfe\x00'))


hook(change)
