import torch
from einops import einsum, rearrange
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ rearrange(key, "b k d -> b d k")
        if mask is not None:
            scores = scores + torch.log(mask.to(scores.dtype))  # log 0 = -inf
        weights = self.dropout(scores.softmax(dim=-1))
        return [einsum(weights, value, "b q k, b k v -> b q v"), weights]
