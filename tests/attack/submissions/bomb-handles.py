# item: scaled-dot-product-attention
# expect: failed, partial, timeout
# limit-seconds: 5
# attack: returns a million objects, each of which would need a handle
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


ScaledDotProductAttention.forward = lambda self, *args, **kwargs: [object() for _ in range(1_000_000)]
