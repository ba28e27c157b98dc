# mistake: divides by the share that happened to stay
import torch


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    weights = scores.softmax(-1)
    if training:
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        dropped = torch.rand(weights.shape, generator=generator) < p
        weights = weights.masked_fill(dropped, 0.0) / ((~dropped).float().mean() + 1e-9)
    return weights @ value
