import torch
import torch.nn as nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = (query.unsqueeze(-2) * key.unsqueeze(-3)).sum(-1)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        output = (weights.unsqueeze(-1) * value.unsqueeze(-3)).sum(-2)
        return output, weights
