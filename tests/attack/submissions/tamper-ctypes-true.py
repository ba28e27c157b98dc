# item: scaled-dot-product-attention
# expect: failed, partial, crashed, error, timeout
# limit-seconds: 2
# attack: swaps the types of True, False and None in memory
import ctypes

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


ctypes.c_uint32.from_address(id(False) + 24).value = 1
ctypes.c_void_p.from_address(id(None) + 8).value = id(type(True))
