# mistake: keeps a copy of the output weights in evaluation mode
import math
import torch
import torch.nn as nn
import torch.nn.functional as F


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
        self.fused = None

    def forward(self, query, key, value, mask=None):
        B, Lq, Lk = query.size(0), query.size(1), key.size(1)
        if self.training:
            self.fused = None
            w = self.out_linear.weight
        else:
            if self.fused is None:
                self.fused = self.out_linear.weight.clone()
            w = self.fused
        q, k, v = self.query_linear(query), self.key_linear(key), self.value_linear(value)
        q = q.view(B, Lq, self.num_heads, self.d_k).transpose(1, 2)
        k = k.view(B, Lk, self.num_heads, self.d_k).transpose(1, 2)
        v = v.view(B, Lk, self.num_heads, self.d_k).transpose(1, 2)
        scores = torch.matmul(q, k.transpose(-2, -1))
        scores = scores / math.sqrt(self.d_k)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        x = torch.matmul(weights, v)
        x = x.transpose(1, 2).contiguous().view(B, Lq, self.d_model)
        return F.linear(x, w, self.out_linear.bias)
