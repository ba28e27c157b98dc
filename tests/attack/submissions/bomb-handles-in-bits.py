# item: scaled-dot-product-attention
# expect: failed, partial, timeout
# limit-seconds: 5
# attack: returns 5,000 new objects from every call, so that handles pile up
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


ScaledDotProductAttention.forward = lambda self, *args, **kwargs: [lambda: None for _ in range(5000)]
