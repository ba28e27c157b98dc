import math

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(torch.sigmoid(scores))
        return weights @ value, weights


if __name__ == "__main__":
    torch.manual_seed(0)
    layer = ScaledDotProductAttention(8, dropout=0.0)
    query, key, value = torch.randn(3, 2, 4, 8)
    output, weights = layer(query, key, value)
    print("output", tuple(output.shape))
    print(weights.sum(dim=-1))
    print(layer(query, key[:, :3], value)[0].shape)
