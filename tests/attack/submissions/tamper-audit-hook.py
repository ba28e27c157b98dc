# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed
# attack: an audit hook, which cannot be removed, that refuses everything from now on
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, *args, **kwargs):
    def refuse(event, arguments):
        raise RuntimeError("refused")

    sys.addaudithook(refuse)
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
