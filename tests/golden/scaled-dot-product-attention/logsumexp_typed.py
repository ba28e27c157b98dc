from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Settings:
    width: int
    dropout: float


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.settings = Settings(d_model, dropout)
        self.drop = nn.Dropout(self.settings.dropout)

    def scores(self, query: Tensor, key: Tensor) -> Tensor:
        return query @ key.mT * torch.rsqrt(torch.tensor(float(query.size(-1)), dtype=query.dtype))

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        scores = self.scores(query, key)
        if mask is not None:
            scores = scores + torch.zeros_like(scores).masked_fill(mask == 0, float("-inf"))
        weights = (scores - scores.logsumexp(-1, keepdim=True)).exp()
        return self.drop(weights) @ value, weights
