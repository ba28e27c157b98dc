# mistake: masked scores are -1e9, which float16 cannot hold
import torch
from torch import nn


class AdditiveAttention(nn.Module):
    """Attention scored by a network with one hidden layer (Bahdanau et al. 2015)."""

    def __init__(self, query_dim, key_dim, hidden_dim):
        super().__init__()
        self.query_proj = nn.Linear(query_dim, hidden_dim, bias=False)
        self.key_proj = nn.Linear(key_dim, hidden_dim, bias=False)
        self.score_proj = nn.Linear(hidden_dim, 1, bias=False)

    def score(self, query, key):
        query, key = self.query_proj(query), self.key_proj(key)  # (B, Lq, dh), (B, Lk, dh)
        hidden = torch.tanh(query.unsqueeze(2) + key.unsqueeze(1))  # (B, Lq, 1, dh) + (B, 1, Lk, dh) -> (B, Lq, Lk, dh)
        return self.score_proj(hidden).squeeze(-1)  # (B, Lq, Lk)

    def weigh(self, scores, mask):
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e9)
        return scores.softmax(dim=-1)  # (B, Lq, Lk), rows sum to one

    def forward(self, query, key, value, mask=None):
        weights = self.weigh(self.score(query, key), mask)
        return weights @ value, weights  # (B, Lq, dv), (B, Lq, Lk)
