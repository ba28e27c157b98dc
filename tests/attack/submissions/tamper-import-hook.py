# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed
# attack: answers every later import with itself
import builtins
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        print("wanted:", name)
        raise ImportError(name)


sys.meta_path.insert(0, Finder)
real = builtins.__import__
builtins.__import__ = lambda name, *args, **kwargs: sys.modules[__name__] if "pytest" in name else real(name, *args)
