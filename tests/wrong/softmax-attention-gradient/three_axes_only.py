# mistake: adds an axis where there is none and keeps it
import torch


def attention_backward(q, k, v, d_out, mask=None):
    if q.dim() == 2:
        q, k, v, d_out = q[None], k[None], v[None], d_out[None]
    scale = q.size(-1) ** -0.5
    scores = q @ k.transpose(-2, -1) * scale
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    p = scores.softmax(dim=-1)
    d_p = d_out @ v.transpose(-2, -1)
    d_s = p * (d_p - (p * d_p).sum(dim=-1, keepdim=True)) * scale
    return d_s @ k, d_s.transpose(-2, -1) @ q, p.transpose(-2, -1) @ d_out
