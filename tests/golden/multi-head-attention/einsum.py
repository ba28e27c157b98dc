import torch
import torch.nn as nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super(MultiHeadAttention, self).__init__()
        if d_model % num_heads != 0:
            raise ValueError("d_model must be divisible by num_heads")
        self.h = num_heads
        self.d_k = d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, query, key, value, mask=None):
        B, Lq, D = query.shape
        Lk = key.shape[1]
        q = self.query_linear(query).view(B, Lq, self.h, self.d_k)
        k = self.key_linear(key).view(B, Lk, self.h, self.d_k)
        v = self.value_linear(value).view(B, Lk, self.h, self.d_k)
        energy = torch.einsum("bqhd,bkhd->bhqk", q, k) / self.d_k**0.5
        if mask is not None:
            energy = energy.masked_fill(mask == 0, float("-inf"))
        attention = self.dropout(torch.softmax(energy, dim=3))
        out = torch.einsum("bhqk,bkhd->bqhd", attention, v).reshape(B, Lq, D)
        return self.out_linear(out)
