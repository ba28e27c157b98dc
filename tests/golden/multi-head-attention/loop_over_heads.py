import math

import torch
from torch import nn
from torch.nn import functional as F


class MultiHeadAttention(nn.Module):
    """One head after the other, on slices of the projections."""

    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError(f"{d_model} % {num_heads} != 0")
        self.num_heads, self.size, self.p = num_heads, d_model // num_heads, dropout
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def forward(self, query, key, value, mask=None):
        q, k, v = self.query_linear(query), self.key_linear(key), self.value_linear(value)
        if mask is not None:
            mask = mask.expand(q.size(0), self.num_heads, q.size(1), k.size(1))
        heads = []
        for head in range(self.num_heads):
            own = slice(head * self.size, (head + 1) * self.size)
            scores = q[..., own] @ k[..., own].transpose(1, 2) / math.sqrt(self.size)
            if mask is not None:
                scores = scores.masked_fill(mask[:, head] == 0, -math.inf)
            weights = F.dropout(scores.softmax(-1), self.p, self.training)
            heads.append(weights @ v[..., own])
        return self.out_linear(torch.cat(heads, dim=-1))
