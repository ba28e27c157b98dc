# item: scaled-dot-product-attention
# expect: partial, failed
# attack: right values, but a gradient of its own invention
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(scores.softmax(-1))
        return weights @ value, weights


class Lie(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return torch.zeros_like(gradient)


inner = ScaledDotProductAttention.forward


def forward(self, query, key, value, mask=None):
    return inner(self, Lie.apply(query), Lie.apply(key), Lie.apply(value), mask)


ScaledDotProductAttention.forward = forward
