# mistake: scales by a learned temperature that starts at d_model
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.temperature = nn.Parameter(torch.tensor(float(d_model)).sqrt())

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / self.temperature
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(scores.softmax(dim=-1))
        return weights @ value, weights
