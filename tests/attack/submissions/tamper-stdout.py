# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed, timeout
# limit-seconds: 1
# attack: replaces stdout and stderr by objects that never return, and closes the descriptors below
import os
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Pit:
    def write(self, text):
        while True:
            pass

    flush = fileno = getvalue = isatty = write


def forward(self, *args, **kwargs):
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Pit()
    for fd in (0, 1, 2):
        try:
            os.close(fd)
        except OSError:
            pass
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
