import math

import torch


def blockwise_attention_backward(q, k, v, o, lse, do, block=64, causal=False):
    Lq, Lk, d = q.shape[-2], k.shape[-2], q.shape[-1]
    dk = torch.zeros(k.shape, dtype=k.dtype)
    dv = torch.zeros(v.shape, dtype=v.dtype)
    dqs = []
    for a in range(0, Lq, block):
        b = min(a + block, Lq)
        qi, doi = q[..., a:b, :], do[..., a:b, :]
        D = torch.einsum("...qd,...qd->...q", doi, o[..., a:b, :])[..., None]
        dqi = torch.zeros(qi.shape, dtype=q.dtype)
        for c in range(0, Lk, block):
            e = min(c + block, Lk)
            if causal and c >= b:
                break
            s = torch.einsum("...qd,...kd->...qk", qi, k[..., c:e, :]) / math.sqrt(d)
            if causal:
                s = s.masked_fill(torch.arange(c, e)[None] > torch.arange(a, b)[:, None], -math.inf)
            p = torch.exp(s - lse[..., a:b, None])
            dv[..., c:e, :] += torch.einsum("...qk,...qd->...kd", p, doi)
            dp = torch.einsum("...qd,...kd->...qk", doi, v[..., c:e, :])
            ds = p * (dp - D)
            dqi += torch.einsum("...qk,...kd->...qd", ds, k[..., c:e, :]) / math.sqrt(d)
            dk[..., c:e, :] += torch.einsum("...qk,...qd->...kd", ds, qi) / math.sqrt(d)
        dqs.append(dqi)
    return torch.cat(dqs, dim=-2), dk, dv
