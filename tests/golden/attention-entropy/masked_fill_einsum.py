import torch


def attention_entropy(weights, mask=None, normalise=False):
    logs = weights.masked_fill(weights == 0, 1.0).log()
    entropy = -torch.einsum("...ij,...ij->...i", weights, logs)
    if normalise:
        if mask is None:
            mask = torch.ones_like(weights, dtype=torch.bool)
        n = mask.broadcast_to(weights.shape).sum(-1)
        entropy = entropy / n.clamp_min(2).to(entropy.dtype).log()  # with one key the entropy is 0 already
    return entropy


def head_importance(outputs, gradients):
    slope = torch.einsum("bhlc,bhlc->bh", outputs, gradients)
    raw = slope.abs().mean(0)
    return torch.where(raw.any(), raw / raw.square().sum().sqrt(), torch.zeros_like(raw))
