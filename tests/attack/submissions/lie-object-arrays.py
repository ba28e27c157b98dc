# item: scaled-dot-product-attention
# expect: failed, partial
# attack: numpy object arrays, structured arrays and masked arrays
import numpy

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Equal:
    def __eq__(self, other):
        return True


def forward(self, query, key, value, mask=None):
    return numpy.array([Equal(), Equal()], dtype=object), numpy.ma.masked_all((2, 3))


ScaledDotProductAttention.forward = forward
