from __future__ import annotations

from typing import Optional, Tuple

import torch
from torch import Tensor, nn

BLOCKED = -1e9


def score(query: Tensor, key: Tensor) -> Tensor:
    return torch.matmul(query, torch.transpose(key, 1, 2))


def hide(scores: Tensor, mask: Optional[Tensor]) -> Tensor:
    return scores if mask is None else scores.masked_fill(mask.eq(0), BLOCKED)


class DotProductAttention(nn.Module):
    def __init__(self, d_model: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.softmax = nn.Softmax(dim=-1)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, mask: Optional[Tensor] = None
    ) -> Tuple[Tensor, Tensor]:
        weights = self.dropout(self.softmax(hide(score(query, key), mask)))
        return torch.matmul(weights, value), weights
