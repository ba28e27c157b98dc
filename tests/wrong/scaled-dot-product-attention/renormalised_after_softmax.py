# mistake: masks after the softmax and renormalises: nan when all visible weights underflow
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        weights = torch.softmax(query @ key.transpose(-2, -1) / query.size(-1) ** 0.5, dim=-1)
        if mask is not None:
            weights = weights * (mask != 0)
            weights = weights / weights.sum(dim=-1, keepdim=True)
        weights = self.dropout(weights)
        return weights @ value, weights
