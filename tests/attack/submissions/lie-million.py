# item: scaled-dot-product-attention
# expect: failed, partial
# limit-seconds: 10
# attack: lists of a million numbers
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    return list(range(1_000_000)), [0.0] * 1_000_000


ScaledDotProductAttention.forward = forward
