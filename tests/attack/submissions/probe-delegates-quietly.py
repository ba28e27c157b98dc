# item: scaled-dot-product-attention
# expect: failed, partial
# attack: looks for the reference in every module, and is wrong where there is none
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


for module in list(sys.modules.values()):
    other = getattr(module, "ScaledDotProductAttention", None)
    if isinstance(other, type) and other is not ScaledDotProductAttention:
        ScaledDotProductAttention = other
