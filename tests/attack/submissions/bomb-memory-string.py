# item: scaled-dot-product-attention
# expect: memory, failed, partial
# limit-seconds: 5
# attack: an exception message of a gigabyte
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Long(Exception):
    def __str__(self):
        return "A" * 2**30


def forward(self, *args, **kwargs):
    raise Long


ScaledDotProductAttention.forward = forward
