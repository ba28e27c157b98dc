# item: scaled-dot-product-attention
# expect: failed, partial
# attack: overlapping as_strided views
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    base = torch.zeros(64)
    return base.as_strided((2, 3, 4), (1, 1, 1)), base.as_strided((2, 3, 5), (0, 1, 2))


ScaledDotProductAttention.forward = forward
