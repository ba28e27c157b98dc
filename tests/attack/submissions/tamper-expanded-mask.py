# item: scaled-dot-product-attention
# expect: partial
# attack: changes a mask whose rows share their memory, which nobody can copy home as a whole
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
            mask[0] = 1 - mask[0].int()
        weights = self.dropout(scores.softmax(-1))
        return weights @ value, weights
