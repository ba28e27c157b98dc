# item: scaled-dot-product-attention
# expect: crashed
# attack: answers three calls rightly, then leaves with status 0, hoping that what was not run counts
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


calls = []
inner = ScaledDotProductAttention.forward


def forward(self, *args, **kwargs):
    calls.append(1)
    if len(calls) > 3:
        os._exit(0)
    return inner(self, *args, **kwargs)


ScaledDotProductAttention.forward = forward
