# mistake: lse minus maximum
import torch


def blockwise_attention_backward(q, k, v, o, lse, do, block=64, causal=False):
    scale = q.size(-1) ** -0.5
    total = (do * o).sum(-1, keepdim=True)
    dq, dk, dv = (torch.zeros(x.shape, dtype=x.dtype) for x in (q, k, v))
    for start in range(0, k.size(-2), block):
        columns = slice(start, start + block)
        keys, values = k[..., columns, :], v[..., columns, :]
        for first in range(start if causal else 0, q.size(-2), block):
            rows = slice(first, first + block)
            queries, given = q[..., rows, :], do[..., rows, :]
            p = (queries @ keys.transpose(-2, -1) * scale - lse[..., rows].unsqueeze(-1).clamp(max=1e3)).exp()
            if causal and first == start:
                p = p.tril()
            ds = p * (given @ values.transpose(-2, -1) - total[..., rows, :]) * scale
            dv[..., columns, :] += p.transpose(-2, -1) @ given
            dk[..., columns, :] += ds.transpose(-2, -1) @ queries
            dq[..., rows, :] += ds @ keys
    return dq, dk, dv
