import torch
from torch import Tensor


def logsumexp(x: Tensor, dim: int) -> Tensor:
    """Log of the sum of exponentials; 0 for a row without any finite number."""
    peak = x.amax(dim=dim, keepdim=True).clamp(min=torch.finfo(x.dtype).min)
    mass = (x - peak).exp().sum(dim=dim, keepdim=True)
    empty = mass == 0
    return torch.where(empty, torch.zeros_like(mass), mass.masked_fill(empty, 1).log() + peak)


def stable_log_softmax(scores: Tensor, dim: int = -1) -> Tensor:
    peak = scores.amax(dim=dim, keepdim=True).clamp(min=torch.finfo(scores.dtype).min)
    moved = scores - peak.detach()
    return moved - logsumexp(moved, dim)


def stable_softmax(scores: Tensor, dim: int = -1) -> Tensor:
    return stable_log_softmax(scores, dim).exp()
