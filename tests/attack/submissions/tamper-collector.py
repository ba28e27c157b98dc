# item: scaled-dot-product-attention
# expect: failed, partial, memory, timeout
# attack: switches the collector off, freezes everything and makes a million cycles in every call
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))

import gc

gc.disable()
inner = ScaledDotProductAttention.forward


def forward(self, *args, **kwargs):
    for _ in range(20_000):
        loop = []
        loop.append(loop)
    gc.freeze()
    return inner(self, *args, **kwargs)


ScaledDotProductAttention.forward = forward
