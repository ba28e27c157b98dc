import math
import torch
import torch.nn as nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        lead = query.shape[:-2]
        q2, k2 = query.reshape(-1, *query.shape[-2:]), key.reshape(-1, *key.shape[-2:])
        empty = q2.new_zeros(1)
        scores = torch.baddbmm(empty, q2, k2.transpose(1, 2), beta=0, alpha=1 / math.sqrt(query.size(-1))).view(*lead, query.size(-2), key.size(-2))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        output = torch.matmul(weights, value)
        return output, weights
