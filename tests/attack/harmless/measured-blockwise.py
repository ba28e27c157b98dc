# item: measured-attention
# expect: passed
# attack: none: it answers in blocks, and takes its time before and after
import time

import torch

room = torch.ones(2**20)
time.sleep(0.05)


def blockwise(q, k, v, block):
    top, total, out = torch.full(q.shape[:1], float("-inf")), torch.zeros(q.shape[0]), torch.zeros_like(q)
    for start in range(0, k.shape[0], block):
        scores = q @ k[start : start + block].T / q.shape[1] ** 0.5
        new = torch.maximum(top, scores.amax(1))
        weights, keep = (scores - new[:, None]).exp(), (top - new).exp()
        total, out, top = total * keep + weights.sum(1), out * keep[:, None] + weights @ v[start : start + block], new
    return out / total[:, None]


def running(x):
    return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]
