# item: scaled-dot-product-attention
# expect: failed, partial
# attack: text that reads backwards, hides itself, or looks like another
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    print("\u202edessap\u202c \u2066x\u2069 \u200bzero\u200dwidth \ufeff")
    raise ValueError("\u202e\u2067 01/01 \u2069\u202c")


ScaledDotProductAttention.forward = forward
