from __future__ import annotations

import math
from typing import Optional

import torch
from torch import Tensor, nn


def log_softmax(scores: Tensor) -> Tensor:
    return scores - torch.logsumexp(scores, dim=-1, keepdim=True)


class SelfAttention(nn.Module):
    num_heads: int
    head_dim: int

    def __init__(self, d_model: int, num_heads: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = d_model // num_heads
        if self.head_dim * num_heads != d_model:
            raise ValueError("d_model must be a multiple of num_heads")
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(self.num_heads * self.head_dim, d_model)
        self.attention_dropout = nn.Dropout(dropout)
        self.register_buffer("scale", torch.tensor(1 / math.sqrt(self.head_dim)), persistent=True)

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.num_heads, self.head_dim)).movedim(-2, 1)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        q, k, v = map(self._heads, (self.query_linear(x), self.key_linear(x), self.value_linear(x)))
        scores = q @ k.mT / math.sqrt(self.head_dim)
        if mask is not None:
            scores = scores.masked_fill(mask.logical_not(), -math.inf)
        weights = self.attention_dropout(log_softmax(scores).exp())
        return self.out_linear((weights @ v).movedim(1, -2).flatten(-2))
