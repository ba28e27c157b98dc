# item: scaled-dot-product-attention
# expect: failed, partial, crashed
# attack: uses up all descriptors in a call and keeps them
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
    try:
        while True:
            os.dup(1)
    except OSError:
        pass
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
