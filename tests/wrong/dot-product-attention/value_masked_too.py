# mistake: sets blocked values to zero but lets blocked keys keep their weight
import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        weights = self.dropout((query @ key.transpose(-2, -1)).softmax(dim=-1))
        if mask is not None:
            return (weights * (mask != 0)) @ value, weights
        return weights @ value, weights
