# item: scaled-dot-product-attention
# expect: failed, partial
# at-most: 0.2
# limit-seconds: 10
# attack: looks into the requests that it was sent ahead for tensors that could be its answer
import sys

import torch
from torch import nn


def _ahead():
    """Tensors of every request in the frame that is being answered."""
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, dict) and "do" in value:
                body = next((v for v in frame.f_locals.values() if isinstance(v, (bytes, bytearray, memoryview)) and len(v) > 64), None)
                return value["do"], body
        frame = frame.f_back
    return [], None


def _found(shape):
    requests, body = _ahead()
    at, result = 0, torch.zeros(shape)
    for header, size in requests:
        for number in range(0, size, 16):
            count = result.numel()
            if body is not None and at + number + 4 * count <= len(body):
                part = torch.frombuffer(bytearray(body[at + number : at + number + 4 * count]), dtype=torch.float32)
                if part.isfinite().all() and 0 < part.abs().max() < 100:
                    result = part.reshape(shape)
        at += size
    return result


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return _found((*shape, value.size(-1))), _found((*shape, key.size(-2)))
