# item: scaled-dot-product-attention
# expect: partial, failed
# attack: right while it has used little processor time, wrong once the suite has been running a while
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


def forward(self, *args, **kwargs):
    out, weights = inner(self, *args, **kwargs)
    used.append(time.process_time())
    return (out, weights) if used[-1] - used[0] < 0.003 else (out + 1, weights)


used = []
ScaledDotProductAttention.forward = forward
