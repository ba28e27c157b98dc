# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: an endless loop in the constructor that catches whatever is raised in it
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def construct(self, *args, **kwargs):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


ScaledDotProductAttention.__init__ = construct
