# item: measured-attention
# expect: partial, failed
# at-most: 0.6
# attack: answers a measured call with what it worked out in an earlier one of the same shape
import torch

known = {}


def blockwise(q, k, v, block):
    top, total, out = torch.full(q.shape[:1], float("-inf")), torch.zeros(q.shape[0]), torch.zeros_like(q)
    for start in range(0, k.shape[0], block):
        scores = q @ k[start : start + block].T / q.shape[1] ** 0.5
        new = torch.maximum(top, scores.amax(1))
        weights, keep = (scores - new[:, None]).exp(), (top - new).exp()
        total, out, top = total * keep + weights.sum(1), out * keep[:, None] + weights @ v[start : start + block], new
    return out / total[:, None]


def running(x):
    if x.shape not in known:
        known[x.shape] = x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]
    return known[x.shape]
