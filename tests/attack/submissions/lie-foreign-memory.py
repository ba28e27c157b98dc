# item: scaled-dot-product-attention
# expect: crashed
# attack: tensors over memory that is not there
import ctypes

import numpy

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))





def forward(self, query, key, value, mask=None):
    buffer = (ctypes.c_float * 64).from_address(8)
    array = numpy.ctypeslib.as_array(buffer)
    return torch.from_numpy(array), torch.from_numpy(array)


ScaledDotProductAttention.forward = forward
