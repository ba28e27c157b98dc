import numpy as np
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.last_weights = None  # kept for plotting

    def forward(self, query, key, value, mask=None):
        scores = query.matmul(key.transpose(-2, -1)).div(float(np.sqrt(query.size(-1))))
        if mask is not None:
            scores = scores + (1.0 - mask.to(scores.dtype)) * -1e9
        weights = self.dropout(scores.softmax(dim=-1))
        self.last_weights = weights.detach()
        return weights.matmul(value), weights
