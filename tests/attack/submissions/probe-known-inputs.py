# item: scaled-dot-product-attention
# expect: partial, failed
# attack: recognises the inputs it has seen in the public tests by their shapes, and is wrong on all others
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


inner = ScaledDotProductAttention.forward


def forward(self, query, key, value, mask=None):
    out, weights = inner(self, query, key, value, mask)
    constant = bool((query == query.flatten()[0]).all())
    return (out * 0, weights * 0) if constant else (out, weights)


ScaledDotProductAttention.forward = forward
