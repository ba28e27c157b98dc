# item: scaled-dot-product-attention
# expect: failed, partial, crashed, timeout
# attack: an exit whose context is an endless chain of exits
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, *args, **kwargs):
    first = error = RuntimeError("0")
    for number in range(20000):
        error.__cause__ = RuntimeError(str(number))
        error = error.__cause__
    error.__cause__ = first
    raise first


ScaledDotProductAttention.forward = forward
