# item: measured-attention
# expect: partial
# at-most: 0.6
# says: at rest
# attack: holds as much as it will need until the call begins, and only then lets go of it
import torch

ballast = [torch.ones(64 * 2**20) for _ in range(1)]


def blockwise(q, k, v, block):
    if len(q) > 1000:
        ballast.clear()
    return (q @ k.T / q.shape[1] ** 0.5).softmax(-1) @ v


def running(x):
    return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]
