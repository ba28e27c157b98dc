import math
import torch
import torch.nn as nn


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError("d_model must be divisible by num_heads")
        self.d_model = d_model
        self.num_heads = num_heads
        self.d_k = d_model // num_heads
        for n in ("query_linear", "key_linear", "value_linear", "out_linear"):
            setattr(self, n, nn.Linear(d_model, d_model))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        query = key = value = x
        B, Lq, Lk = query.size(0), query.size(1), key.size(1)
        q = self.query_linear(query)
        k = self.key_linear(key)
        v = self.value_linear(value)
        q, k, v = (torch.stack(t.split(self.d_k, dim=-1), dim=1) for t in (q, k, v))
        scores = torch.matmul(q, k.transpose(-2, -1))
        scores = scores / math.sqrt(self.d_k)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        x = torch.matmul(weights, v)
        x = torch.cat(x.unbind(1), -1)
        return self.out_linear(x)
