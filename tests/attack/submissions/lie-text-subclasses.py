# item: scaled-dot-product-attention
# expect: failed, partial
# attack: subclasses of str, int, float and bool look-alikes that lie
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Text(str):
    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__

    def __len__(self):
        return 10**9


class Number(int):
    def __eq__(self, other):
        return True

    __index__ = lambda self: 2**80

    __hash__ = int.__hash__


class Real(float):
    def __sub__(self, other):
        return 0.0


def forward(self, query, key, value, mask=None):
    return Text('right'), [Number(1), Real(0.0)]


ScaledDotProductAttention.forward = forward
