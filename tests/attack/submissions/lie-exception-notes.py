# item: scaled-dot-product-attention
# expect: failed, partial
# attack: an exception with endless notes, causes and a forged traceback
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    error = ValueError("short")
    for number in range(50_000):
        error.add_note("note " + str(number) * 100)
    raise error from ValueError("cause " * 10_000)


ScaledDotProductAttention.forward = forward
