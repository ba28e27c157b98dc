# item: scaled-dot-product-attention
# expect: failed, partial
# attack: raises NameError, KeyError and AttributeError, whose texts Python itself makes of the inputs
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    number = abs(int(query.flatten()[0]))
    if number % 3 == 0:
        return {}[number]
    return getattr(self, f"x{number}") if number % 3 == 1 else eval(f"x{number}")


ScaledDotProductAttention.forward = forward
