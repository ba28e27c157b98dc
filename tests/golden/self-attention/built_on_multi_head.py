import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError("d_model must be divisible by num_heads")
        self.num_heads = num_heads
        self.head_dim = d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        def heads(x):
            return x.view(x.size(0), x.size(1), self.num_heads, self.head_dim).transpose(1, 2)

        q, k, v = heads(self.query_linear(query)), heads(self.key_linear(key)), heads(self.value_linear(value))
        scores = q @ k.transpose(-1, -2) / self.head_dim**0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, torch.finfo(scores.dtype).min)
        out = self.dropout(scores.softmax(-1)) @ v
        return self.out_linear(out.transpose(1, 2).flatten(start_dim=2))


class SelfAttention(MultiHeadAttention):
    """Queries, keys and values are the same sequence."""

    def forward(self, x, mask=None):
        return super().forward(x, x, x, mask)
