# item: scaled-dot-product-attention
# expect: passed
# attack: none: breaks torch.testing and pytest's names in its own process, which nobody else sees
import sys

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


def never(*args, **kwargs):
    raise AssertionError("never right")


torch.testing.assert_close = torch.allclose = torch.equal = never
sys.modules["pytest"] = None
