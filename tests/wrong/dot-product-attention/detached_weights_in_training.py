# mistake: hands out detached weights in training
import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.d_model, self.p = d_model, dropout
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        B, Lq, Lk, d = query.size(0), query.size(-2), key.size(-2), query.size(-1)
        scores = query @ key.transpose(-2, -1)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = scores.softmax(-1)
        weights = self.dropout(weights)
        output = weights @ value
        return output, weights.detach() if self.training else weights
