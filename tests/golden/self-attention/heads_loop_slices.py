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
        heads = []
        for h in range(self.num_heads):
            s = slice(h * self.d_k, (h + 1) * self.d_k)
            a = q[..., s] @ k[..., s].transpose(1, 2) / math.sqrt(self.d_k)
            if mask is not None:
                m = torch.broadcast_to(mask, (B, self.num_heads, Lq, Lk))[:, h]
                a = a.masked_fill(m == 0, float("-inf"))
            heads.append(self.dropout(a.softmax(-1)) @ v[..., s])
        x = torch.cat(heads, dim=-1)
        return self.out_linear(x)
