# item: scaled-dot-product-attention
# expect: failed, partial
# attack: exceptions named like the harness's own, raised where a test expects ValueError
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    raise type("AssertionError", (Exception,), {"__module__": "builtins"})("Regex: nothing did not match")


ScaledDotProductAttention.forward = forward
