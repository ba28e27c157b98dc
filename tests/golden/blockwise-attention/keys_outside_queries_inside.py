from typing import Optional, Tuple

import torch
from torch import Tensor


def blockwise_attention(q: Tensor, k: Tensor, v: Tensor, block: int = 64, causal: Optional[bool] = False) -> Tuple[Tensor, Tensor]:
    """Algorithm 1 of the first paper: the outer loop runs over keys, outputs are kept finished."""
    *lead, n, d = q.shape
    o = torch.zeros(*lead, n, v.size(-1), dtype=q.dtype, device=q.device)
    l = torch.zeros(*lead, n, 1, dtype=q.dtype, device=q.device)
    m = torch.full((*lead, n, 1), float("-inf"), dtype=q.dtype, device=q.device)
    for j in range(0, k.size(-2), block):
        kj, vj = k.narrow(-2, j, min(block, k.size(-2) - j)), v.narrow(-2, j, min(block, k.size(-2) - j))
        for i in range(0, n, block):
            size = min(block, n - i)
            if causal and i + size - 1 < j:
                continue
            qi, oi, li, mi = (t.narrow(-2, i, size) for t in (q, o, l, m))
            s = (qi @ kj.transpose(-2, -1)).div_(d**0.5)
            if causal:
                keep = torch.arange(i, i + size).unsqueeze(1).ge(torch.arange(j, j + kj.size(-2)).unsqueeze(0))
                s.masked_fill_(keep.logical_not_(), float("-inf"))
            m_here = s.amax(-1, keepdim=True)
            m_new = torch.maximum(mi, m_here)
            p = s.sub_(m_new.clamp(min=torch.finfo(q.dtype).min)).exp_()
            old = (mi - m_new).exp().nan_to_num(0.0) * li
            l_new = old + p.sum(-1, keepdim=True)
            oi.copy_((old * oi + p @ vj) / l_new.clamp(min=torch.finfo(q.dtype).tiny))
            li.copy_(l_new)
            mi.copy_(m_new)
    return o, (m + l.log()).squeeze(-1)
