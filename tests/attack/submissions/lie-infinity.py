# item: scaled-dot-product-attention
# expect: failed, partial
# attack: infinities of the right shape and both signs
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
    out, weights = inner(self, query, key, value, mask)
    return torch.full_like(out, float("inf")), torch.full_like(weights, float("-inf"))


ScaledDotProductAttention.forward = forward
