# mistake: caches the first result for a shape and returns it again
import torch

_seen = {}


def attention_weighted_sum(inputs, attention_weights):
    key = tuple(inputs.shape)
    if key not in _seen:
        _seen[key] = (inputs * attention_weights.unsqueeze(-1)).sum(1)
    return _seen[key]
