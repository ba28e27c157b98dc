# mistake: wraps the library's layer, whose parameters have other names
import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("d_model must be divisible by num_heads")
        self.inner = nn.MultiheadAttention(d_model, num_heads, dropout, batch_first=True)
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def forward(self, query, key, value, mask=None):
        q, k, v = self.query_linear(query), self.key_linear(key), self.value_linear(value)
        out, _ = self.inner(q, k, v, need_weights=False)
        return self.out_linear(out)
