# item: scaled-dot-product-attention
# expect: partial, failed
# attack: gradients of a wrong shape, a wrong type and none at all
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
        return torch.full((1,), float("nan")).expand(gradient.shape).to(torch.float16)


inner = ScaledDotProductAttention.forward


def forward(self, query, key, value, mask=None):
    return inner(self, Lie.apply(query), key.detach(), value, mask)


ScaledDotProductAttention.forward = forward
