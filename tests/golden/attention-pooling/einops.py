import torch
from einops import einsum, rearrange, repeat
from torch import nn


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(num_queries, dim) * 0.02)
        self.dim = dim

    def forward(self, x, mask=None):
        q = repeat(self.queries, "m d -> b m d", b=x.size(0))
        s = einsum(q, x, "b m d, b l d -> b m l") / self.dim ** 0.5
        if mask is None:
            w = s.softmax(-1)
        else:
            keep = rearrange(mask, "b l -> b 1 l").to(s.dtype)
            low = torch.finfo(s.dtype).min
            w = s.masked_fill(keep == 0, low).softmax(-1) * keep
        return einsum(w, x, "b m l, b l d -> b m d"), w
