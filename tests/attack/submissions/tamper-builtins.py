# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed
# attack: replaces the builtins that every test leans on
import builtins

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


builtins.isinstance = lambda *args: True
builtins.all = builtins.any = lambda *args: True
builtins.abs = builtins.len = builtins.sum = builtins.max = lambda *args, **kwargs: 0
builtins.print = builtins.repr = builtins.hash = lambda *args, **kwargs: ""
builtins.AssertionError = type("Nothing", (Exception,), {})
