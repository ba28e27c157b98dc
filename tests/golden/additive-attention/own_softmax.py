import torch
from torch import nn


def masked_softmax(scores, mask):
    if mask is None:
        mask = torch.ones_like(scores, dtype=torch.bool)
    top = scores.masked_fill(~mask, float("-inf")).max(dim=-1, keepdim=True).values.detach()
    powers = torch.exp(torch.where(mask, scores - top, torch.zeros_like(scores))) * mask
    return powers / powers.sum(-1, keepdim=True)


class AdditiveAttention(nn.Module):
    def __init__(self, query_dim, key_dim, hidden_dim):
        super().__init__()
        self.hidden_dim = hidden_dim
        self.query_proj = nn.Linear(query_dim, hidden_dim, bias=False)
        self.key_proj = nn.Linear(key_dim, hidden_dim, bias=False)
        self.score_proj = nn.Linear(hidden_dim, 1, bias=False)
        for layer in (self.query_proj, self.key_proj, self.score_proj):
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, query, key, value, mask=None):
        B, Lq, Lk = query.size(0), query.size(1), key.size(1)
        scores = query.new_zeros(B, Lq, Lk)
        q, k, v = self.query_proj(query), self.key_proj(key), self.score_proj.weight
        for c in range(self.hidden_dim):  # a table per component: never (B, Lq, Lk, dh)
            scores = scores + v[0, c] * (q[..., c].unsqueeze(2) + k[..., c].unsqueeze(1)).tanh()
        weights = masked_softmax(scores, mask)
        return weights @ value, weights
