# item: scaled-dot-product-attention
# expect: crashed
# attack: leaves with status 0 in the middle of a test
import os

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
ScaledDotProductAttention.forward = lambda self, *args, **kwargs: os._exit(0) or inner(self, *args, **kwargs)
