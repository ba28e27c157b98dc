import torch


def _exp_difference(x, y):
    """exp(x - y) with exp(-inf - -inf) = 0, and no nan in the backward pass."""
    nothing = x == float("-inf")
    return torch.where(nothing, torch.zeros_like(x), torch.exp(torch.where(nothing, y.new_zeros(()), x) - torch.where(nothing, y.new_zeros(()), y)))


def summarise(scores, values):
    m, _ = torch.max(scores, -1)
    p = _exp_difference(scores, m.unsqueeze(-1).expand_as(scores))
    return m, torch.sum(p, -1), torch.matmul(p, values)


def merge(a, b):
    # Only one side is ever converted: the one with the smaller maximum.
    a_larger = a[0] >= b[0]
    big = [torch.where(a_larger, a[0], b[0]), torch.where(a_larger, a[1], b[1]), torch.where(a_larger.unsqueeze(-1), a[2], b[2])]
    small = [torch.where(a_larger, b[0], a[0]), torch.where(a_larger, b[1], a[1]), torch.where(a_larger.unsqueeze(-1), b[2], a[2])]
    factor = _exp_difference(small[0], big[0])
    return big[0], big[1] + factor * small[1], big[2] + factor.unsqueeze(-1) * small[2]


def finish(state):
    m, l, o = state
    return torch.where((l > 0).unsqueeze(-1), o / torch.where(l > 0, l, 1).unsqueeze(-1), torch.zeros_like(o)), m + torch.log(l)
