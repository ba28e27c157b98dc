# item: scaled-dot-product-attention
# expect: failed, partial
# attack: NaN of the right shape
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


inner = ScaledDotProductAttention.forward


def forward(self, query, key, value, mask=None):
    return tuple(torch.full_like(x, float('nan')) for x in inner(self, query, key, value, mask))


ScaledDotProductAttention.forward = forward
