# item: scaled-dot-product-attention
# expect: timeout, failed, partial
# limit-seconds: 1
# attack: an exception whose text never ends
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Chatty(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def forward(self, *args, **kwargs):
    raise Chatty


ScaledDotProductAttention.forward = forward
