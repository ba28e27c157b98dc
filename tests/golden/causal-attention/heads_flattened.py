import torch
from einops import rearrange


def causal_attention(query, key, value):
    lead = query.shape[:-2]
    q, k, v = (t.reshape((-1,) + tuple(t.shape[-2:])) for t in (query, key, value))
    n, m = q.shape[1], k.shape[1]
    dots = torch.bmm(q, rearrange(k, "b j d -> b d j")) * (q.shape[-1] ** -0.5)
    i = torch.arange(n).view(n, 1) + (m - n)
    j = torch.arange(m).view(1, m)
    dots = dots.masked_fill(j > i, -torch.finfo(dots.dtype).max)
    out = torch.bmm(dots.softmax(dim=-1), v)
    return out.reshape(tuple(lead) + tuple(out.shape[-2:]))
