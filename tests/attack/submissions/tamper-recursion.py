# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed
# attack: leaves so little of the stack that the candidate's own loop cannot encode a reply
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))

import sys

inner = ScaledDotProductAttention.forward


def forward(self, *args, **kwargs):
    sys.setrecursionlimit(len(__import__("inspect").stack(0)) + 8)
    return inner(self, *args, **kwargs)


ScaledDotProductAttention.forward = forward
