# item: measured-attention
# expect: partial
# at-most: 0.6
# limit-seconds: 8
# attack: takes quadratic time, with every clock that Python has standing still
import time

import torch

for name in ("process_time", "perf_counter", "monotonic", "thread_time", "time", "clock_gettime"):
    setattr(time, name, lambda *_: 0.0)


def blockwise(q, k, v, block):
    top, total, out = torch.full(q.shape[:1], float("-inf")), torch.zeros(q.shape[0]), torch.zeros_like(q)
    for start in range(0, k.shape[0], block):
        scores = q @ k[start : start + block].T / q.shape[1] ** 0.5
        new = torch.maximum(top, scores.amax(1))
        weights, keep = (scores - new[:, None]).exp(), (top - new).exp()
        total, out, top = total * keep + weights.sum(1), out * keep[:, None] + weights @ v[start : start + block], new
    return out / total[:, None]


def running(x):
    """Every pair of rows, a hundred at a time."""
    parts = []
    for start in range(0, len(x), 100):
        seen = torch.arange(len(x)) <= torch.arange(start, min(start + 100, len(x)))[:, None]
        parts.append(seen.float() @ x / seen.sum(1, keepdim=True))
    return torch.cat(parts)
