# item: measured-attention
# expect: partial
# at-most: 0.6
# limit-seconds: 12
# attack: never rests after a reply, so that the kernel's clock of it is not brought up to date before it is read
import sys
import time

import torch

channel = None
frame = sys._getframe()
while frame is not None and channel is None:
    channel = getattr(frame.f_locals.get("self"), "_channel", None)
    frame = frame.f_back
send = channel.send


def sending(frame):
    send(frame)
    until = time.monotonic() + 0.004
    while time.monotonic() < until:
        pass


channel.send = sending


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
