import torch
from einops import einsum, rearrange
from torch import nn


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads > 0:
            raise ValueError
        self.h = num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        print("x", x.shape, "mask", None if mask is None else mask.shape)
        q = rearrange(self.query_linear(x), "b l (h d) -> b h l d", h=self.h)
        k = rearrange(self.key_linear(x), "b l (h d) -> b h l d", h=self.h)
        v = rearrange(self.value_linear(x), "b l (h d) -> b h l d", h=self.h)
        scores = einsum(q, k, "b h i d, b h j d -> b h i j") / q.shape[-1] ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, -1e9)
        weights = torch.nn.functional.softmax(scores, dim=-1)
        print("rows sum to", weights.sum(-1).mean().item())
        y = einsum(self.dropout(weights), v, "b h i j, b h j d -> b h i d")
        return self.out_linear(rearrange(y, "b h l d -> b l (h d)"))
