# item: scaled-dot-product-attention
# expect: timeout, crashed, failed, partial, error
# limit-seconds: 1
# attack: reads the examiner's requests itself, straight from the descriptor, and drops them
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


import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, *args, **kwargs):
    for fd in sockets():
        os.set_blocking(fd, False)
        try:
            os.read(fd, 1 << 20)
        except BlockingIOError:
            pass
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
