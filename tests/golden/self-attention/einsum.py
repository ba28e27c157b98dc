import torch
import torch.nn as nn


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError("d_model must be divisible by num_heads")
        self.num_heads = num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        b, l, d = x.size()
        h = self.num_heads
        q = self.query_linear(x).reshape(b, l, h, d // h)
        k = self.key_linear(x).reshape(b, l, h, d // h)
        v = self.value_linear(x).reshape(b, l, h, d // h)
        scores = torch.einsum("bihd,bjhd->bhij", q, k) * (d // h) ** -0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        a = self.dropout(scores.softmax(dim=-1))
        return self.out_linear(torch.einsum("bhij,bjhd->bihd", a, v).reshape(b, l, d))
