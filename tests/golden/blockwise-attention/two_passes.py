import torch
from einops import rearrange


def _blocks(length, block):
    return [slice(start, min(start + block, length)) for start in range(0, length, block)]


def _scores(q, k, rows, columns, causal):
    s = q[..., rows, :] @ rearrange(k[..., columns, :], "... n d -> ... d n") / q.shape[-1] ** 0.5
    if causal:
        i = torch.arange(rows.start, rows.stop)
        j = torch.arange(columns.start, columns.stop)
        s = s.masked_fill(j[None, :] > i[:, None], float("-inf"))
    return s


def blockwise_attention(q, k, v, block=64, causal=False):
    """First the log-sum-exp of every row, then the weighted sum with weights that are final."""
    o = torch.empty(*q.shape[:-1], v.shape[-1], dtype=q.dtype)
    lse = torch.empty(q.shape[:-1], dtype=q.dtype)
    for rows in _blocks(q.shape[-2], block):
        needed = [c for c in _blocks(k.shape[-2], block) if not causal or c.start < rows.stop]
        total = torch.full_like(q[..., rows, 0], float("-inf"))
        for columns in needed:
            total = torch.logaddexp(total, _scores(q, k, rows, columns, causal).logsumexp(-1))
        lse[..., rows] = total
        o[..., rows, :] = sum(
            torch.exp(_scores(q, k, rows, columns, causal) - total[..., None]) @ v[..., columns, :] for columns in needed
        )
    return o, lse
