# item: scaled-dot-product-attention
# expect: failed, partial, timeout
# limit-seconds: 5
# attack: a module of 20,000 parameters
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def construct(self, *args, **kwargs):
    nn.Module.__init__(self)
    self.many = nn.ParameterList([nn.Parameter(torch.zeros(1)) for _ in range(20_000)])


ScaledDotProductAttention.__init__ = construct
