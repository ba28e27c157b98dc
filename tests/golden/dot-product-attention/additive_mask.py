import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = torch.matmul(query, key.mT)
        if mask is not None:
            lowest = torch.finfo(scores.dtype).min
            scores = scores + torch.zeros_like(scores).masked_fill(mask == 0, lowest)
        weights = nn.functional.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        return torch.matmul(weights, value), weights
