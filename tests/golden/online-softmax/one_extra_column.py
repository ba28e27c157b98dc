import torch


def summarise(scores, values):
    # A column of ones beside the values: the sum of weights comes out of the same product.
    ones = torch.ones_like(values[..., :1])
    top = scores.amax(-1, keepdim=True)
    base = torch.where(top.isneginf(), torch.zeros((), dtype=top.dtype), top)
    both = torch.exp(scores - base) @ torch.cat([values, ones], dim=-1)
    return top[..., 0], both[..., -1], both[..., :-1]


def merge(a, b):
    a_m, a_both = a[0], torch.cat([a[2], a[1][..., None]], dim=-1)
    b_m, b_both = b[0], torch.cat([b[2], b[1][..., None]], dim=-1)
    m = torch.maximum(a_m, b_m)
    base = torch.where(m.isneginf(), torch.zeros((), dtype=m.dtype), m)
    both = a_both * torch.exp(a_m - base)[..., None] + b_both * torch.exp(b_m - base)[..., None]
    return m, both[..., -1], both[..., :-1]


def finish(state):
    m, l, o = state
    output = torch.zeros_like(o)
    seen = l.ne(0)
    output = torch.where(seen[..., None], o / l.masked_fill(~seen, 1)[..., None], output)
    return [output, m + l.log()]
