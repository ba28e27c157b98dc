# item: scaled-dot-product-attention
# expect: failed, partial, timeout, crashed
# limit-seconds: 2
# attack: writes to descriptors 1 and 2 past Python, endlessly
import os

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, *args, **kwargs):
    piece = b"B" * 65536
    for _ in range(4000):
        for fd in (1, 2):
            try:
                os.write(fd, piece)
            except OSError:
                pass
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
