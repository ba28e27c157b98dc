# mistake: view() refuses heads that were split by a transpose
import math
import torch
import torch.nn as nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        lead = query.shape[:-2]
        query = query.view(-1, query.size(-2), query.size(-1))
        key = key.view(-1, key.size(-2), key.size(-1))
        value = value.view(-1, value.size(-2), value.size(-1))
        scores = torch.matmul(query, key.transpose(-2, -1))
        scores = scores / math.sqrt(query.size(-1))
        if mask is not None:
            scores = scores.view(*lead, *scores.shape[-2:]).masked_fill(mask == 0, -1e9).view(scores.shape)
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        output = torch.matmul(weights, value)
        output = output.view(*lead, *output.shape[-2:])
        weights = weights.view(*lead, *weights.shape[-2:])
        return output, weights
