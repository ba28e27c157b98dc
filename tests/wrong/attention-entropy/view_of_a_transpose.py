# mistake: flattens with view
import torch


def attention_entropy(weights, mask=None, normalise=False):
    safe = torch.where(weights > 0, weights, torch.ones_like(weights))
    entropy = -(weights * safe.log()).sum(dim=-1)
    if not normalise:
        return entropy
    if mask is None:
        seen = torch.full_like(entropy, weights.size(-1))
    else:
        seen = mask.expand(weights.shape).sum(dim=-1).to(weights.dtype)
    return torch.where(seen > 1, entropy / seen.clamp(min=2).log(), torch.zeros_like(entropy))


def head_importance(outputs, gradients):
    slopes = (outputs.view(*outputs.shape[:2], -1) * gradients.reshape(*outputs.shape[:2], -1)).sum(-1)
    importance = slopes.abs().mean(dim=0)
    norm = importance.norm()
    return importance / norm if norm > 0 else torch.zeros_like(importance)
