# mistake: drops whole values instead of weights
import torch


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    weights = scores.softmax(-1)
    if training:
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        gone = torch.rand(value.shape[:-1], generator=generator) < p
        value = value.masked_fill(gone[..., None], 0.0) / ((1 - p) or 1.0)
    return weights @ value
