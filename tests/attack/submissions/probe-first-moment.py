# item: scaled-dot-product-attention
# expect: partial, failed
# attack: right for the first two milliseconds of its first call, wrong afterwards
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

import time

began = []


def forward(self, *args, **kwargs):
    began.append(time.perf_counter())
    out, weights = inner(self, *args, **kwargs)
    return (out, weights) if began[-1] - began[0] < 0.002 else (out * 0, weights * 0)


ScaledDotProductAttention.forward = forward
