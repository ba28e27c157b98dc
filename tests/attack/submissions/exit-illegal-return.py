# item: scaled-dot-product-attention
# expect: crashed, error, failed, partial
# attack: frees an object that is in use, so that the process dies at some later point
import ctypes

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    ctypes.pythonapi.Py_DecRef.argtypes = [ctypes.py_object]
    for _ in range(1000):
        ctypes.pythonapi.Py_DecRef(type(query))
        ctypes.pythonapi.Py_DecRef(query)
    return query, query


ScaledDotProductAttention.forward = forward
