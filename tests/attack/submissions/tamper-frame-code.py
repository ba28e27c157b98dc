# item: scaled-dot-product-attention
# expect: failed, partial, crashed, error
# attack: replaces the code objects of the functions that called it
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def nothing(*args, **kwargs):
    return None


def forward(self, *args, **kwargs):
    frame = sys._getframe(1)
    while frame:
        for value in list(frame.f_globals.values()):
            if callable(value) and hasattr(value, "__code__") and "sandbox" in frame.f_code.co_filename:
                try:
                    value.__code__ = nothing.__code__
                except (ValueError, AttributeError):
                    pass
        frame = frame.f_back
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
