import torch
from einops import einsum, reduce


def attention_entropy(weights, mask=None, normalise=False):
    safe = torch.where(weights > 0, weights, 1.0)
    entropy = -einsum(weights, torch.log(safe), "... q k, ... q k -> ... q")
    if not normalise:
        return entropy
    n = torch.full_like(entropy, weights.shape[-1])
    if mask is not None:
        n = reduce(torch.broadcast_to(mask, weights.shape).to(weights.dtype), "... q k -> ... q", "sum")
    return torch.where(n < 2, torch.zeros_like(entropy), entropy / torch.log(torch.maximum(n, torch.full_like(n, 2))))


def head_importance(outputs, gradients):
    slopes = reduce(outputs * gradients, "b h l c -> b h", "sum")
    mean = reduce(slopes.abs(), "b h -> h", "mean")
    norm = (mean ** 2).sum() ** 0.5
    if float(norm) == 0.0:
        return torch.zeros_like(mean)
    return mean / norm
