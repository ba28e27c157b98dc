# mistake: keeps the weights of the first call
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.kept = None

    def forward(self, query, key, value, mask=None):
        if self.kept is not None and self.kept.shape[:-1] == query.shape[:-1] and self.kept.size(-1) == key.size(-2):
            weights = self.kept
        else:
            scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
            if mask is not None:
                scores = scores.masked_fill(mask == 0, float("-inf"))
            weights = self.kept = self.dropout(scores.softmax(dim=-1))
        return weights @ value, weights
