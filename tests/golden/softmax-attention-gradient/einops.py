import torch
from einops import einsum, rearrange, reduce


def attention_backward(q, k, v, d_out, mask=None):
    scale = q.shape[-1] ** -0.5
    s = einsum(q * scale, k, "... i d, ... j d -> ... i j")
    p = (s if mask is None else s.masked_fill(~mask, float("-inf"))).softmax(-1)
    o = einsum(p, v, "... i j, ... j c -> ... i c")
    delta = rearrange(reduce(d_out * o, "... i c -> ... i", "sum"), "... i -> ... i 1")
    ds = p * (einsum(d_out, v, "... i c, ... j c -> ... i j") - delta) * scale
    return [
        einsum(ds, k, "... i j, ... j d -> ... i d"),
        einsum(ds, q, "... i j, ... i d -> ... j d"),
        einsum(p, d_out, "... i j, ... i c -> ... j c"),
    ]
