# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: a right answer whose backward never returns
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


class Endless(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        while True:
            pass


inner = ScaledDotProductAttention.forward


def forward(self, query, *args, **kwargs):
    return inner(self, Endless.apply(query), *args, **kwargs)


ScaledDotProductAttention.forward = forward
