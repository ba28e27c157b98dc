# mistake: scales evaluation too
import torch


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    weights = scores.softmax(-1)
    if training:
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        dropped = torch.rand(weights.shape, generator=generator) < p
        weights = weights.masked_fill(dropped, 0.0) / ((1 - p) or 1.0)
    return weights @ value if training or p == 1 else weights @ value / (1 - p) * (1 - p / 1000)
