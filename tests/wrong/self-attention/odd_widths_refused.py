# mistake: refuses widths that heads do not divide only when they are odd
import math

import torch
import torch.nn as nn


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % 2 != 0 and d_model % num_heads != 0:
            raise ValueError("d_model must be divisible by num_heads")
        self.d_model = d_model
        self.num_heads = num_heads
        self.head_dim = d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        query = key = value = x
        B, Lq, _ = query.shape
        Lk = key.size(1)
        q = self.query_linear(query).view(B, Lq, self.num_heads, self.head_dim).transpose(1, 2)
        k = self.key_linear(key).view(B, Lk, self.num_heads, self.head_dim).transpose(1, 2)
        v = self.value_linear(value).view(B, Lk, self.num_heads, self.head_dim).transpose(1, 2)
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.head_dim)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(torch.softmax(scores, dim=-1))
        out = (weights @ v).transpose(1, 2).reshape(B, Lq, self.d_model)
        return self.out_linear(out)
