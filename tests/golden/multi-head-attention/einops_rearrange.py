import torch
from einops import rearrange
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model // num_heads * num_heads != d_model:
            raise ValueError("heads of unequal width")
        self.heads = num_heads
        self.register_buffer("scale", torch.tensor(float(d_model // num_heads)).rsqrt(), persistent=False)
        self.query_linear, self.key_linear, self.value_linear, self.out_linear = (
            nn.Linear(d_model, d_model) for _ in range(4)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        q, k, v = (
            rearrange(linear(x), "b l (h d) -> b h l d", h=self.heads)
            for linear, x in ((self.query_linear, query), (self.key_linear, key), (self.value_linear, value))
        )
        scores = q @ rearrange(k, "b h l d -> b h d l") / (q.shape[-1] ** 0.5)
        if mask is not None:
            scores = torch.where(mask == 0, float("-inf"), scores)
        return self.out_linear(rearrange(self.dropout(scores.softmax(-1)) @ v, "b h l d -> b l (h d)"))
