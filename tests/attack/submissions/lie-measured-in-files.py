# item: measured-attention
# expect: partial
# at-most: 0.6
# says: (OS|Permission)Error
# attack: holds the whole matrix in files instead of memory
import os

import numpy
import torch


def blockwise(q, k, v, block):
    scores = torch.empty(0)
    for start in range(0, len(q), 512):
        scores = q[start : start + 512] @ k.T / q.shape[1] ** 0.5
        scores.numpy().tofile(f"/tmp/scores-{start}")
    out = []
    for start in range(0, len(q), 512):
        rows = torch.from_numpy(numpy.fromfile(f"/tmp/scores-{start}", dtype=numpy.float32)).reshape(-1, len(k))
        out.append(rows.softmax(-1) @ v)
        os.unlink(f"/tmp/scores-{start}")
    return torch.cat(out)


def running(x):
    return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]
