# mistake: masked scores are -1e9, which float16 cannot hold
import torch
from torch.nn import functional as F


def windows(x, window):
    """For each position its own row and the `window` - 1 before it, zeros before the beginning: (..., L, d, w)."""
    return F.pad(x, (0, 0, window - 1, 0)).unfold(-2, window, 1)  # (..., L + w - 1, d) -> (..., L, d, w)


def sliding_window_attention(query, key, value, window):
    length, window = query.size(-2), min(window, query.size(-2))
    scores = torch.einsum("...ld,...ldw->...lw", query, windows(key, window)) / query.size(-1) ** 0.5  # (..., L, w)
    places = torch.arange(length)[:, None] + torch.arange(1 - window, 1)  # (L, w): j of each score
    weights = scores.masked_fill(places < 0, -1e9).softmax(-1)  # (..., L, w)
    return torch.einsum("...lw,...ldw->...ld", weights, windows(value, window))  # (..., L, dv)
