# item: scaled-dot-product-attention
# expect: failed, partial
# attack: an exception type whose name is escapes, newlines and 100,000 letters
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    raise type("Assertion\x1b[31m\nError\u202e" + "A" * 100_000, (Exception,), {"__module__": "\x1b[2J"})("text")


ScaledDotProductAttention.forward = forward
