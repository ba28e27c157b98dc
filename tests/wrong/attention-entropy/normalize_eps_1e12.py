# mistake: F.normalize divides by no less than 1e-12, so tiny gradients are not normalised
import torch


def entropy_of(weights):
    safe = torch.where(weights > 0, weights, torch.ones_like(weights))  # the logarithm never sees a zero
    return -(weights * safe.log()).sum(dim=-1)  # (..., Lq)


def seen_by(weights, mask):
    """How many keys each query may see: (..., Lq)."""
    if mask is None:
        return torch.full_like(weights[..., 0], weights.size(-1))
    return mask.expand(weights.shape).sum(dim=-1).to(weights.dtype)


def attention_entropy(weights, mask=None, normalise=False):
    """How widely each query spreads its weights, in nats, or as a share of the most it could have."""
    entropy = entropy_of(weights)
    if not normalise:
        return entropy
    seen = seen_by(weights, mask)
    return torch.where(seen > 1, entropy / seen.clamp(min=2).log(), torch.zeros_like(entropy))


def head_importance(outputs, gradients):
    """The expected size of the loss's derivative by a switch on each head, normalised (Michel et al. 2019)."""
    slopes = (outputs * gradients).sum(dim=(-2, -1))  # (B, H)
    importance = slopes.abs().mean(dim=0)  # (H,)
    return torch.nn.functional.normalize(importance, dim=0)
