# item: scaled-dot-product-attention
# expect: failed, partial
# attack: keeps the inputs and prints them when asked for something else: its state, its parameters, at its end
import atexit

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


kept = []


def tell(*args, **kwargs):
    print(kept)
    return {str(kept): torch.zeros(1)}


def forward(self, query, key, value, mask=None):
    kept.append(query.flatten()[:3].tolist())
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
ScaledDotProductAttention.state_dict = ScaledDotProductAttention.__del__ = ScaledDotProductAttention.extra_repr = tell
atexit.register(tell)
