from typing import NamedTuple

import torch


class State(NamedTuple):
    m: torch.Tensor
    l: torch.Tensor
    o: torch.Tensor

    @property
    def base(self):
        return self.m.clamp_min(torch.finfo(self.m.dtype).min)


def summarise(scores, values):
    m = scores.max(-1)[0]
    p = (scores - m.clamp_min(torch.finfo(m.dtype).min).unsqueeze(-1)).exp()
    return State(m, p.sum(-1), p @ values)


def merge(a, b):
    a, b = State(*a), State(*b)
    total = State(torch.maximum(a.m, b.m), a.l, a.o)
    alpha, beta = (a.m - total.base).exp(), (b.m - total.base).exp()
    return State(total.m, alpha * a.l + beta * b.l, alpha.unsqueeze(-1) * a.o + beta.unsqueeze(-1) * b.o)


def finish(state):
    state = State(*state)
    return state.o / (state.l + (state.l == 0)).unsqueeze(-1), state.m + state.l.log()
