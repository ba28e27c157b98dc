import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = torch.matmul(query, key.transpose(-2, -1))
        scores = scores / math.sqrt(query.size(-1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        wide = torch.float32 if scores.dtype in (torch.float16, torch.bfloat16) else scores.dtype
        weights = F.softmax(scores, dim=-1, dtype=wide).to(scores.dtype)
        weights = self.dropout(weights)
        output = torch.matmul(weights, value)
        return output, weights
