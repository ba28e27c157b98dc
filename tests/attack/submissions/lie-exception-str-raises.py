# item: scaled-dot-product-attention
# expect: failed, partial, crashed
# attack: an exception whose str, repr, args and name raise
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Meta(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


class _Silent(Exception, metaclass=Meta):
    def __str__(self):
        raise _Silent(2)

    __repr__ = __str__

    @property
    def args(self):
        raise _Silent(3)

    @property
    def __traceback__(self):
        raise _Silent(4)


def forward(self, query, key, value, mask=None):
    raise _Silent(1)


ScaledDotProductAttention.forward = forward
