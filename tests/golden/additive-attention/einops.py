import torch
from einops import einsum, rearrange
from torch import nn


class AdditiveAttention(nn.Module):
    def __init__(self, query_dim, key_dim, hidden_dim):
        super().__init__()
        make = lambda a, b: nn.Linear(a, b, bias=False)
        self.query_proj, self.key_proj, self.score_proj = make(query_dim, hidden_dim), make(key_dim, hidden_dim), make(hidden_dim, 1)

    def forward(self, query, key, value, mask=None):
        q = rearrange(self.query_proj(query), "b i h -> b i 1 h")
        k = rearrange(self.key_proj(key), "b j h -> b 1 j h")
        s = rearrange(self.score_proj(torch.tanh(q + k)), "b i j 1 -> b i j")
        if mask is not None:
            s = s.masked_fill(~mask, torch.finfo(s.dtype).min)
        w = s.softmax(dim=-1)
        return einsum(w, value, "b i j, b j v -> b i v"), w
