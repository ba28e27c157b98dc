"""Each block gives a finished result and its log-sum-exp; two of them are joined by logaddexp."""
import torch


@torch.no_grad()
def blockwise_attention(q, k, v, block=64, causal=False):
    q = q * q.size(-1) ** -0.5
    out = lse = None
    position = torch.arange(q.size(-2)).view(-1, 1)
    for ks, vs, js in zip(k.split(block, -2), v.split(block, -2), torch.arange(k.size(-2)).split(block)):
        scores = q @ ks.mT
        if causal:
            scores = torch.where(js <= position, scores, -torch.inf)
        part = scores.logsumexp(-1)
        safe = part.nan_to_num(neginf=0.0)
        value = (scores - safe.unsqueeze(-1)).exp() @ vs
        if out is None:
            out, lse = value, part
        else:
            total = torch.logaddexp(lse, part)
            out = out * (lse - total).exp().unsqueeze(-1) + value * (part - total).exp().unsqueeze(-1)
            lse = total
    return out, lse
