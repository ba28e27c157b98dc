# item: measured-attention
# expect: partial
# at-most: 0.6
# says: (peak of|at rest)
# attack: has the C library keep all that is freed, after a first call that took as much as the measured one will
import ctypes

import torch

libc = ctypes.CDLL(None)


def blockwise(q, k, v, block):
    libc.mallopt(-1, 1 << 30)
    libc.mallopt(-3, 1 << 30)
    if len(q) < 1000:
        torch.ones(40 * 2**20).sum()
    return (q @ k.T / q.shape[1] ** 0.5).softmax(-1) @ v


def running(x):
    return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]
