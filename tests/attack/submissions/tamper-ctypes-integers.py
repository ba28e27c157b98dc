# item: scaled-dot-product-attention
# expect: failed, partial, crashed, error
# attack: writes over the cached small integers, so that 0 is 1
import ctypes

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


for number in (0, 2, 3, 5):
    ctypes.c_uint32.from_address(id(number) + 24).value = 1
