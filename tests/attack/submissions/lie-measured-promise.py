# item: measured-attention
# expect: failed, partial
# at-most: 0.2
# attack: returns a promise at once, and does the work when the result is looked at
import torch


class Promise:
    def __init__(self, work):
        self.work = work

    def __getattr__(self, name):
        return getattr(self.work(), name)


def blockwise(q, k, v, block):
    def work():
        return (q @ k.T / q.shape[1] ** 0.5).softmax(-1) @ v

    return Promise(work) if len(q) > 1000 else work()


def running(x):
    def work():
        return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]

    return Promise(work) if len(x) > 1000 else work()
