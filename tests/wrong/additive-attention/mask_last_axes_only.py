# mistake: takes a mask of three axes as one per example only
import torch
from torch import nn


class AdditiveAttention(nn.Module):
    def __init__(self, query_dim, key_dim, hidden_dim):
        super().__init__()
        self.query_proj = nn.Linear(query_dim, hidden_dim, bias=False)
        self.key_proj = nn.Linear(key_dim, hidden_dim, bias=False)
        self.score_proj = nn.Linear(hidden_dim, 1, bias=False)

    def forward(self, query, key, value, mask=None):
        q, k = self.query_proj(query), self.key_proj(key)
        hidden = torch.tanh(q.unsqueeze(2) + k.unsqueeze(1))
        scores = self.score_proj(hidden).squeeze(-1)
        if mask is not None:
            scores = scores.masked_fill(~(mask.any(1, keepdim=True) if mask.dim() == 3 else mask), float("-inf"))
        weights = scores.softmax(dim=-1)
        return weights @ value, weights
