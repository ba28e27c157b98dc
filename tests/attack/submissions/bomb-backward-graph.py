# item: scaled-dot-product-attention
# expect: failed, partial, timeout, memory, crashed
# limit-seconds: 2
# attack: an autograd graph of a million nodes, walked or freed recursively
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    out = query * 1.0
    for _ in range(200_000):
        out = out + 0.0
    return out, out


ScaledDotProductAttention.forward = forward
