import torch
from torch import nn
from torch.nn import functional as F


class AdditiveAttention(nn.Module):
    """As a decoder would: keys are projected once, then one query after the other."""

    def __init__(self, query_dim, key_dim, hidden_dim):
        super().__init__()
        self.query_proj = nn.Linear(query_dim, hidden_dim, bias=False)
        self.key_proj = nn.Linear(key_dim, hidden_dim, bias=False)
        self.score_proj = nn.Linear(hidden_dim, 1, bias=False)

    def energies(self, state, memory):
        return self.score_proj(torch.tanh(self.query_proj(state).unsqueeze(1) + memory)).squeeze(2)

    def forward(self, query, key, value, mask=None):
        memory = self.key_proj(key)
        scores = torch.stack([self.energies(state, memory) for state in query.unbind(1)], 1)
        if mask is not None:
            scores = scores + torch.zeros_like(scores).masked_fill(~mask, float("-inf"))
        weights = F.softmax(scores, dim=2)
        context = (weights.unsqueeze(-1) * value.unsqueeze(1)).sum(2)
        return context, weights


if __name__ == "__main__":
    print(AdditiveAttention(2, 3, 4)(torch.randn(1, 2, 2), torch.randn(1, 5, 3), torch.randn(1, 5, 6))[0].shape)
