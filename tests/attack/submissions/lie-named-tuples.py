# item: scaled-dot-product-attention
# expect: failed, partial, error
# attack: named tuples and torch's own return types with hostile fields where a pair is due
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))

from collections import namedtuple

Pair = namedtuple("Pair", ["output", "weights"])
Pair.__len__ = lambda self: 10**9
Pair.__getitem__ = lambda self, index: torch.ones(())
inner = ScaledDotProductAttention.forward
ScaledDotProductAttention.forward = lambda self, *args, **kwargs: Pair(*inner(self, *args, **kwargs))
