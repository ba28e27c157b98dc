import torch
import torch.nn.functional as F


def blockwise_attention(q, k, v, block=64, causal=False):
    lead, Lq, Lk = q.shape[:-2], q.shape[-2], k.shape[-2]
    q, k, v = (t.reshape(-1, *t.shape[-2:]) for t in (q, k, v))  # (N, L, d)
    n = -(-Lk // block)
    pad = n * block - Lk
    k = F.pad(k, (0, 0, 0, pad)).unflatten(1, (n, block))
    v = F.pad(v, (0, 0, 0, pad)).unflatten(1, (n, block))
    m = q.new_full((q.shape[0], Lq, 1), torch.finfo(q.dtype).min)
    l = q.new_zeros(q.shape[0], Lq, 1)
    o = q.new_zeros(q.shape[0], Lq, v.shape[-1])
    i = torch.arange(Lq).view(1, Lq, 1)
    for b in range(n):
        j = torch.arange(b * block, (b + 1) * block).view(1, 1, block)
        allowed = j < Lk
        if causal:
            allowed = allowed & (j <= i)
        s = torch.bmm(q, k[:, b].transpose(1, 2)) / q.shape[-1] ** 0.5
        s = s.masked_fill(~allowed, float("-inf"))
        m_next = torch.maximum(m, s.amax(2, keepdim=True))
        p = torch.exp(s - m_next)
        c = torch.exp(m - m_next)
        l = l * c + p.sum(2, keepdim=True)
        o = torch.baddbmm(o * c, p, v[:, b])
        m = m_next
    return (o / l).reshape(*lead, Lq, -1), (m + l.log()).reshape(*lead, Lq)
