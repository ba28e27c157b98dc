import math

import torch


def blockwise_attention(q, k, v, block=64, causal=False):
    scale = 1.0 / math.sqrt(q.shape[-1])
    n = k.shape[-2]
    m = torch.full(q.shape[:-1], -math.inf, dtype=q.dtype)
    l = torch.zeros(q.shape[:-1], dtype=q.dtype)
    acc = torch.zeros(*q.shape[:-1], v.shape[-1], dtype=q.dtype)
    rows = torch.arange(q.shape[-2])[:, None]
    for lo in range(0, n, block):
        hi = min(lo + block, n)
        s = torch.einsum("...qd,...kd->...qk", q, k[..., lo:hi, :]) * scale
        if causal:
            s.masked_fill_(rows < torch.arange(lo, hi)[None, :], -math.inf)
        m_new = torch.maximum(m, s.max(dim=-1).values)
        p = torch.exp(s - m_new[..., None])
        alpha = torch.exp(m - m_new)
        l = alpha * l + p.sum(dim=-1)
        acc = alpha[..., None] * acc + torch.einsum("...qk,...kd->...qd", p, v[..., lo:hi, :])
        m = m_new
    return acc / l[..., None], torch.log(l) + m
