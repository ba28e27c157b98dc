# item: scaled-dot-product-attention
# expect: timeout, crashed, failed, partial, error
# limit-seconds: 1
# attack: makes the descriptor non-blocking and asynchronous, which both ends of a pair might share
import fcntl
import os
import stat


def sockets():
    """Every descriptor of this process that is a socket."""
    found = []
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                found.append(fd)
        except OSError:
            pass
    return found


for fd in sockets():
    os.set_blocking(fd, False)
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))
