import math
import torch
import torch.nn as nn


class CrossAttention(nn.Module):
    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        if d_memory is None:
            d_memory = d_model
        self.h = n_heads
        self.d = d_model // n_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_memory, d_model)
        self.value_linear = nn.Linear(d_memory, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def forward(self, x, memory, memory_mask=None):
        B, n, _ = x.shape
        m = memory.shape[1]
        q = self.query_linear(x).reshape(B, n, self.h, self.d)
        k = self.key_linear(memory).reshape(B, m, self.h, self.d)
        v = self.value_linear(memory).reshape(B, m, self.h, self.d)
        s = torch.einsum("bihd,bjhd->bhij", q, k) / math.sqrt(self.d)
        if memory_mask is not None:
            keep = memory_mask.view(B, 1, 1, m)
            s = s.masked_fill(~keep, torch.finfo(s.dtype).min)
            w = s.softmax(-1) * keep
        else:
            w = s.softmax(-1)
        out = torch.einsum("bhij,bjhd->bihd", w, v).reshape(B, n, -1)
        return self.out_linear(out), w
