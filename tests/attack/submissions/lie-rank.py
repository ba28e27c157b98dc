# item: scaled-dot-product-attention
# expect: failed, partial
# attack: a tensor of 64 dimensions
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    return torch.zeros([1] * 64), torch.zeros([1] * 64)


ScaledDotProductAttention.forward = forward
