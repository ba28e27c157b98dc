# mistake: divides by the square root of d_model although no scale was asked for
import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.d_model = d_model

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(1, 2) / self.d_model ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(scores.softmax(dim=-1))
        return weights @ value, weights
