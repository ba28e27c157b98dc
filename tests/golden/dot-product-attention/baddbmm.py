import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        b, lq, lk = query.size(0), query.size(1), key.size(1)
        bias = query.new_zeros(b, lq, lk)
        if mask is not None:
            bias = bias.masked_fill(mask.logical_not(), -torch.inf)
        scores = torch.baddbmm(bias, query, key.transpose(1, 2))
        weights = self.dropout(scores.softmax(2))
        return torch.bmm(weights, value), weights
