"""The state by way of torch.logsumexp: l is exp(lse - m)."""
import torch
from torch import Tensor

State = tuple[Tensor, Tensor, Tensor]


def _safe(m: Tensor) -> Tensor:
    return torch.where(torch.isneginf(m), torch.zeros_like(m), m)


def summarise(scores: Tensor, values: Tensor) -> State:
    m = torch.max(scores, dim=-1).values
    lse = torch.logsumexp(scores, dim=-1)
    l = torch.exp(lse - _safe(m))
    p = torch.exp(scores - _safe(m)[..., None])
    return m, l, torch.einsum("...qn,...nd->...qd", p, values)


def merge(a: State, b: State) -> State:
    top = torch.stack([a[0], b[0]]).max(0).values
    scale = [torch.exp(s[0] - _safe(top)) for s in (a, b)]
    return (
        top,
        sum(c * s[1] for c, s in zip(scale, (a, b))),
        sum(c[..., None] * s[2] for c, s in zip(scale, (a, b))),
    )


def finish(state: State) -> tuple[Tensor, Tensor]:
    m, l, o = state
    seen = l > 0
    return torch.where(seen[..., None], o / torch.where(seen, l, torch.ones_like(l))[..., None], 0.0), torch.log(l) + m
