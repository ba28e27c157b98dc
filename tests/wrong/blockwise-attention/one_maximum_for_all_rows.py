# mistake: one maximum for all rows
import torch


def blockwise_attention(q, k, v, block=64, causal=False):
    done = [rows_of(q, k, v, first, block, causal) for first in range(0, q.size(-2), block)]
    return torch.cat([o for o, _ in done], -2), torch.cat([lse for _, lse in done], -1)


def rows_of(q, k, v, first, block, causal):
    rows = q[..., first : first + block, :] / q.size(-1) ** 0.5
    m = rows.new_full(rows.shape[:-1], float("-inf"))
    l = torch.zeros_like(m)
    o = rows.new_zeros(*rows.shape[:-1], v.size(-1))
    end = min(k.size(-2), first + rows.size(-2)) if causal else k.size(-2)
    for start in range(0, end, block):
        scores = rows @ k[..., start : start + block, :].transpose(-2, -1)
        if causal:
            i = torch.arange(first, first + scores.size(-2)).unsqueeze(-1)
            j = torch.arange(start, start + scores.size(-1))
            scores = scores.masked_fill(j > i, float("-inf"))
        top = torch.maximum(m, scores.amax().expand(m.shape))
        powers = (scores - top.unsqueeze(-1)).exp()
        shrink = (m - top).exp()
        l = shrink * l + powers.sum(-1)
        o = shrink.unsqueeze(-1) * o + powers @ v[..., start : start + block, :]
        m = top
    return o / l.unsqueeze(-1), m + l.log()
