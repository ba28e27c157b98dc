from __future__ import annotations

import torch
from torch import Tensor, nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        scores = torch.matmul(query, key.transpose(-2, -1)) * query.size(-1) ** -0.5
        if mask is not None:
            bias = torch.zeros(mask.shape, dtype=scores.dtype).masked_fill_(mask == 0, torch.finfo(scores.dtype).min)
            scores = scores + bias
        weights = self.dropout(scores.softmax(-1))
        return torch.matmul(weights, value), weights


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model: int, num_heads: int, dropout: float = 0.1) -> None:
        super().__init__()
        head_dim, rest = divmod(d_model, num_heads)
        if rest:
            raise ValueError("d_model is not a multiple of num_heads")
        self.shape = (num_heads, head_dim)
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.attention = ScaledDotProductAttention(dropout)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        for layer in (self.query_linear, self.key_linear, self.value_linear, self.out_linear):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], *self.shape).transpose(1, 2)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
        out, _ = self.attention(
            self._split(self.query_linear(query)), self._split(self.key_linear(key)),
            self._split(self.value_linear(value)), mask,
        )
        out = out.transpose(1, 2).contiguous().view(query.size(0), query.size(1), -1)
        return self.out_linear(out)
