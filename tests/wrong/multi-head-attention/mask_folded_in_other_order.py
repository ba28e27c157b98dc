# mistake: heads and examples are folded in one order, their masks in the other
import math
import torch
import torch.nn as nn


class MultiHeadAttention(nn.Module):
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

    def forward(self, query, key, value, mask=None):
        B, Lq, Lk = query.size(0), query.size(1), key.size(1)
        q = self.query_linear(query)
        k = self.key_linear(key)
        v = self.value_linear(value)
        q = q.view(B, Lq, self.num_heads, self.d_k).transpose(1, 2)
        k = k.view(B, Lk, self.num_heads, self.d_k).transpose(1, 2)
        v = v.view(B, Lk, self.num_heads, self.d_k).transpose(1, 2)
        q, k, v = q.reshape(B * self.num_heads, Lq, -1), k.reshape(B * self.num_heads, Lk, -1), v.reshape(B * self.num_heads, Lk, -1)
        scores = torch.bmm(q, k.transpose(1, 2))
        scores = scores / math.sqrt(self.d_k)
        if mask is not None:
            m = mask.expand(B, self.num_heads, Lq, Lk).transpose(0, 1).reshape(B * self.num_heads, Lq, Lk)
            scores = scores.masked_fill(m == 0, -1e9)
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        x = torch.matmul(weights, v)
        x = x.view(B, self.num_heads, Lq, self.d_k).transpose(1, 2).reshape(B, Lq, self.d_model)
        return self.out_linear(x)
