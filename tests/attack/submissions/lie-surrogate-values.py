# item: scaled-dot-product-attention
# expect: failed, partial
# attack: values, keys and attribute names with lone surrogates and NUL
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    setattr(self, "\ud800", 1)
    return {"\ud800": "\udfff\x00", "\x00": "\x1b[2J"}, "\udcff"


ScaledDotProductAttention.forward = forward
