from typing import Optional

import torch
from einops import rearrange, repeat


def masked_attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    lengths: Optional[torch.Tensor] = None,
    causal: bool = False,
    mask: Optional[torch.Tensor] = None,
) -> torch.Tensor:
    b, h, n, d = query.shape
    m = key.shape[2]
    blocked = torch.zeros(b, h, n, m, dtype=torch.bool)
    extra = torch.zeros(b, h, n, m, dtype=query.dtype)
    if mask is not None:
        if mask.dtype == torch.bool:
            blocked |= ~mask
        else:
            blocked |= mask == -torch.inf
            extra = extra + mask.masked_fill(mask == -torch.inf, 0.0)
    if causal:
        blocked |= torch.ones(n, m, dtype=torch.bool).triu(1)
    if lengths is not None:
        pad = torch.arange(m)[None] >= lengths[:, None]
        blocked |= rearrange(pad, "b m -> b 1 1 m")
        wide = repeat(pad, "b m -> b h m 1", h=h)
        key, value = key.masked_fill(wide, 0.0), value.masked_fill(wide, 0.0)
    q, k, v = (rearrange(t, "b h l d -> (b h) l d") for t in (query, key, value))
    scores = torch.baddbmm(rearrange(extra, "b h n m -> (b h) n m"), q, k.mT, alpha=d**-0.5)
    blocked = rearrange(blocked, "b h n m -> (b h) n m")
    weights = scores.masked_fill(blocked, torch.finfo(scores.dtype).min).softmax(-1)
    weights = weights.masked_fill(blocked, 0.0)
    return rearrange(torch.bmm(weights, v), "(b h) n d -> b h n d", b=b)
