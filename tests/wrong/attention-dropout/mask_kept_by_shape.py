# mistake: keeps the first mask of each shape where no seed is given
import torch


masks = {}


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    weights = scores.softmax(-1)
    if training:
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        dropped = torch.rand(weights.shape, generator=generator) < p
        if seed is None:
            dropped = masks.setdefault((weights.shape, p), dropped)
        weights = weights.masked_fill(dropped, 0.0) / ((1 - p) or 1.0)
    return weights @ value
