# item: measured-attention
# expect: partial
# at-most: 0.6
# says: at rest
# attack: holds the whole matrix in memory that it took at import, so that the call seems to need none
import torch

room = torch.ones(4096, 4096)


def blockwise(q, k, v, block):
    scores = room[: len(q), : len(k)]
    torch.mm(q, k.T, out=scores) if scores.is_contiguous() else scores.copy_(q @ k.T)
    scores /= q.shape[1] ** 0.5
    scores -= scores.amax(1, keepdim=True)
    scores.exp_()
    scores /= scores.sum(1, keepdim=True)
    return scores @ v


def running(x):
    return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]
