# mistake: a call without a mask gets the one of an earlier call
import torch
import torch.nn as nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.mask = None

    def forward(self, query, key, value, mask=None):
        if mask is None:
            mask = self.mask
        self.mask = mask
        scores = torch.matmul(query, key.transpose(-2, -1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        output = torch.matmul(weights, value)
        return output, weights
