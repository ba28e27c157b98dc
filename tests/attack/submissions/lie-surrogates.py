# item: scaled-dot-product-attention
# expect: failed, partial
# attack: text with lone surrogates, NUL and controls, as value and in a message
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    print("\x00\x07\x1b]0;owned\x07 \ud800 \x9b31m")
    raise ValueError("\ud800\udfff\x00\x01\x7f\x9b \ufffe end")


ScaledDotProductAttention.forward = forward
