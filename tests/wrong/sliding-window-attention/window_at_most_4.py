# mistake: no window of more than 4
import torch
from torch.nn import functional as F


def windows(x, window):
    return F.pad(x, (0, 0, window - 1, 0)).unfold(-2, window, 1)


def sliding_window_attention(query, key, value, window):
    length, window = query.size(-2), min(window, query.size(-2), 4)
    scores = torch.einsum("...ld,...ldw->...lw", query, windows(key, window)) / query.size(-1) ** 0.5
    places = torch.arange(length)[:, None] + torch.arange(1 - window, 1)
    weights = scores.masked_fill(places < 0, float("-inf")).softmax(-1)
    return torch.einsum("...lw,...ldw->...ld", weights, windows(value, window))
