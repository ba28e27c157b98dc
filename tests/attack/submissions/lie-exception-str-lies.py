# item: scaled-dot-product-attention
# expect: failed, partial
# attack: an exception whose str is no string
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Odd(Exception):
    def __str__(self):
        return 42


def forward(self, query, key, value, mask=None):
    raise Odd()


ScaledDotProductAttention.forward = forward
