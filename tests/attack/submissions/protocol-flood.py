# item: scaled-dot-product-attention
# expect: timeout, crashed, failed, partial, error
# limit-seconds: 2
# attack: writes gigabytes to the socket, unasked
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


piece = bytes(2**20)
for _ in range(4096):
    for fd in sockets():
        os.write(fd, piece)

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))
