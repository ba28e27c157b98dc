# mistake: subtracts a maximum that may belong to a blocked place
import math
import torch
import torch.nn as nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = torch.matmul(query, key.transpose(-2, -1))
        scores = scores / math.sqrt(query.size(-1))
        scores = scores - scores.max(-1, keepdim=True).values
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        e = torch.exp(scores)
        weights = e / (e.sum(-1, keepdim=True)+1e-12)
        weights = self.dropout(weights)
        output = torch.matmul(weights, value)
        return output, weights
