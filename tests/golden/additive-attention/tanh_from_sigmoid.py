import torch
from torch import nn, Tensor
from typing import Optional, Tuple


class AdditiveAttention(nn.Module):
    query_proj: nn.Linear
    key_proj: nn.Linear
    score_proj: nn.Linear

    def __init__(self, query_dim: int, key_dim: int, hidden_dim: int) -> None:
        super().__init__()
        self.add_module("query_proj", nn.Linear(query_dim, hidden_dim, bias=False))
        self.add_module("key_proj", nn.Linear(key_dim, hidden_dim, bias=False))
        self.add_module("score_proj", nn.Linear(hidden_dim, 1, bias=False))

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Optional[Tensor] = None) -> Tuple[Tensor, Tensor]:
        total = self.query_proj(query).unsqueeze(-2) + self.key_proj(key).unsqueeze(-3)
        hidden = 2 * torch.sigmoid(2 * total) - 1
        scores = self.score_proj(hidden)[..., 0]
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = (scores - scores.logsumexp(-1, keepdim=True)).exp()
        return weights @ value, weights
