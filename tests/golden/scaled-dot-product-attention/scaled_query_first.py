import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.attention_dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        query = query * query.size(-1) ** -0.5  # a new tensor: the caller's stays as it is
        scores = torch.matmul(query, key.swapaxes(-2, -1))
        if mask is not None:
            very_low = torch.finfo(scores.dtype).min
            scores = torch.where(mask.bool(), scores, torch.tensor(very_low, dtype=scores.dtype))
        weights = scores.softmax(-1)
        return torch.matmul(self.attention_dropout(weights), value), weights
