# mistake: exponentials without a maximum when there is no mask
import math
import torch
from torch import nn


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError("bad")
        self.d_model, self.num_heads, self.d_k, self.p = d_model, num_heads, d_model // num_heads, dropout
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        query = key = value = x
        B, Lq, Lk, H = query.size(0), query.size(1), key.size(1), self.num_heads
        q = self.query_linear(query).reshape(B, Lq, H, self.d_k).transpose(1, 2)
        k = self.key_linear(key).reshape(B, Lk, H, self.d_k).transpose(1, 2)
        v = self.value_linear(value).reshape(B, Lk, H, self.d_k).transpose(1, 2)
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.d_k)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = scores.softmax(-1) if mask is not None else scores.exp() / scores.exp().sum(-1, keepdim=True)
        weights = self.dropout(weights)
        out = (weights @ v).transpose(1, 2).reshape(B, Lq, self.d_model)
        out = self.out_linear(out)
        return out
