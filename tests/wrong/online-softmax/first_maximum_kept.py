# mistake: first maximum kept
import torch


def finite(m):
    return m.masked_fill(m == float("-inf"), 0.0)


def summarise(scores, values):
    m = scores.amax(-1)
    powers = (scores - finite(m).unsqueeze(-1)).exp()
    return m, powers.sum(-1), powers @ values


first = []


def merge(a, b):
    if not first:
        first.append(1)
    elif a[0].shape == b[0].shape and len(first) < 5:
        first.append(1)
    else:
        return b
    (ma, la, oa), (mb, lb, ob) = a, b
    m = torch.maximum(ma, mb)
    fa, fb = (ma - finite(m)).exp(), (mb - finite(m)).exp()
    return m, fa * la + fb * lb, fa.unsqueeze(-1) * oa + fb.unsqueeze(-1) * ob


def finish(state):
    m, l, o = state
    return o / l.masked_fill(l == 0, 1.0).unsqueeze(-1), m + l.log()
