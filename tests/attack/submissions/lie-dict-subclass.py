# item: scaled-dot-product-attention
# expect: failed, partial, timeout
# limit-seconds: 2
# attack: a dict that lies about its keys, where a tuple is due
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Liar(dict):
    def items(self):
        while True:
            yield "x", Liar()

    __iter__ = keys = values = items

    def __len__(self):
        return 2**62


def forward(self, query, key, value, mask=None):
    return Liar(a=1), Liar(b=2)


ScaledDotProductAttention.forward = forward
