# item: scaled-dot-product-attention
# expect: failed, partial
# attack: one element expanded to the right shape with stride 0
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    shape = query.shape[:-1]
    return torch.zeros(1).expand(*shape, value.size(-1)), torch.full((1,), 1 / key.size(-2)).expand(*shape, key.size(-2))


ScaledDotProductAttention.forward = forward
