# item: scaled-dot-product-attention
# expect: failed, partial
# attack: tensors in oneDNN's opaque layout
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
    return tuple(x.detach().float().to_mkldnn() for x in inner(self, query, key, value, mask))


ScaledDotProductAttention.forward = forward
