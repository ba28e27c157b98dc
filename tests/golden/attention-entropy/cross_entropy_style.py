import torch
from torch.nn import functional as F


def _entropy(w):
    positive = w > 0
    return torch.zeros_like(w).masked_scatter(positive, -w[positive] * w[positive].log()).sum(dim=-1)


def attention_entropy(weights, mask=None, normalise=False):
    result = _entropy(weights)
    if normalise:
        seen = torch.ones_like(weights) if mask is None else mask.to(weights).expand_as(weights)
        # the entropy of looking evenly at everything is the most there could be
        most = _entropy(seen / seen.sum(-1, keepdim=True))
        alone = seen.sum(-1) <= 1
        result = (result / most.masked_fill(alone, 1.0)).masked_fill(alone, 0.0)
    return result


def head_importance(outputs, gradients):
    # an inner product of two long vectors for each example and head
    B, H = outputs.shape[:2]
    inner = torch.bmm(outputs.reshape(B * H, 1, -1), gradients.reshape(B * H, -1, 1)).view(B, H)
    score = inner.abs().mean(dim=0)
    norm = torch.linalg.vector_norm(score)
    return score / norm.clamp(min=1e-38) if norm == 0 else score / norm
