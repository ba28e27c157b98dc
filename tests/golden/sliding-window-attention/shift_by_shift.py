"""One column of the band after the other."""
import math

import torch


def shifted(x, t):
    """Row i holds row i - t of x, zeros before the beginning."""
    if t == 0:
        return x
    return torch.cat([torch.zeros_like(x[..., :t, :]), x[..., : x.size(-2) - t, :]], dim=-2)


def sliding_window_attention(query, key, value, window):
    length = query.size(-2)
    window = min(window, length)
    columns = []
    for t in range(window):
        s = (query * shifted(key, t)).sum(-1) / math.sqrt(query.size(-1))
        s[..., :t] = float("-inf")
        columns.append(s)
    weights = torch.stack(columns, -1).softmax(-1)
    out = 0
    for t in range(window):
        out = out + weights[..., t : t + 1] * shifted(value, t)
    return out
