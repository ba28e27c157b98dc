# item: scaled-dot-product-attention
# expect: passed
# attack: none: results as lazily negated and transposed views
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


def forward(self, *args, **kwargs):
    out, weights = inner(self, *args, **kwargs)
    return out.transpose(-1, -2).contiguous().transpose(-1, -2), weights.transpose(-1, -2).clone().transpose(-1, -2)


ScaledDotProductAttention.forward = forward
