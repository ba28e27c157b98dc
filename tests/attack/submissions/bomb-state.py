# item: scaled-dot-product-attention
# expect: failed, partial, memory, crashed
# limit-seconds: 5
# attack: a state of 400 MB, sent whenever state_dict is asked for
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
    self.register_buffer("ballast", torch.empty(100_000_000))
    self.weight = nn.Parameter(torch.empty(2))


ScaledDotProductAttention.__init__ = construct
