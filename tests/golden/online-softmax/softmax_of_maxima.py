"""Merging is itself a softmax over two 'keys' whose scores are the maxima."""
import torch


def summarise(scores, values):
    m = scores.amax(dim=-1)
    empty = (m == -torch.inf)
    e = torch.where(empty.unsqueeze(-1), 0.0, (scores - m.masked_fill(empty, 0).unsqueeze(-1)).exp())
    return m, e.sum(-1), (e.unsqueeze(-1) * values.unsqueeze(-3)).sum(-2)


def merge(a, b):
    m = torch.stack((a[0], b[0]), dim=-1)
    l = torch.stack((a[1], b[1]), dim=-1)
    o = torch.stack((a[2], b[2]), dim=-2)
    return summarise_weighted(m, l, o)


def summarise_weighted(m, l, o):
    top = m.amax(-1, keepdim=True)
    factor = (m - top.masked_fill(top == -torch.inf, 0)).exp()
    return top.squeeze(-1), (factor * l).sum(-1), (factor.unsqueeze(-2) @ o).squeeze(-2)


def finish(state):
    m, l, o = state
    return o.div(l.clamp(min=torch.finfo(l.dtype).tiny).unsqueeze(-1)), l.log().add(m)
