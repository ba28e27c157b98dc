# item: scaled-dot-product-attention
# expect: timeout, failed, partial
# limit-seconds: 1
# attack: returns objects of which no attribute can be read, `__class__` included
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Tarpit:
    def __getattribute__(self, name):
        while True:
            pass


ScaledDotProductAttention.forward = lambda self, *args, **kwargs: (Tarpit(), Tarpit())
