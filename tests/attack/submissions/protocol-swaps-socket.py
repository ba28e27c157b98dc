# item: scaled-dot-product-attention
# expect: crashed, error, timeout, failed, partial
# limit-seconds: 1
# attack: puts a pipe to itself where the socket was, so that it answers itself
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


reader, writer = os.pipe()
for fd in sockets():
    os.dup2(writer, fd)

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))
