# item: scaled-dot-product-attention
# expect: failed, partial
# attack: a subclass of SystemExit out of the constructor
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Quiet(SystemExit):
    code = 0


def construct(self, *args, **kwargs):
    raise Quiet(0)


ScaledDotProductAttention.__init__ = construct
