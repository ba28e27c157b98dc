# item: scaled-dot-product-attention
# expect: crashed, memory, failed, partial
# limit-seconds: 5
# attack: recursion through C without a limit, until the stack is gone
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


sys.setrecursionlimit(2**30)


class Nest:
    def __repr__(self):
        return repr([self])


def forward(self, *args, **kwargs):
    return repr(Nest())


ScaledDotProductAttention.forward = forward
