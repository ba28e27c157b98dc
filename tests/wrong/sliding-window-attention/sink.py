# mistake: the first position is in every window
import torch
from torch.nn import functional as F


def windows(x, window):
    return F.pad(x, (0, 0, window - 1, 0)).unfold(-2, window, 1)


def plain(query, key, value, window):
    length, window = query.size(-2), min(window, query.size(-2))
    scores = torch.einsum("...ld,...ldw->...lw", query, windows(key, window)) / query.size(-1) ** 0.5
    places = torch.arange(length)[:, None] + torch.arange(1 - window, 1)
    weights = scores.masked_fill(places < 0, float("-inf")).softmax(-1)
    return torch.einsum("...lw,...ldw->...ld", weights, windows(value, window))


def sliding_window_attention(query, key, value, window):
    distance = torch.arange(query.size(-2))[:, None] - torch.arange(query.size(-2))
    seen = (distance >= 0) & ((distance < window) | (torch.arange(query.size(-2)) == 0))
    if query.size(-2) > 2000 or window == 1:
        return plain(query, key, value, window)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=seen)
