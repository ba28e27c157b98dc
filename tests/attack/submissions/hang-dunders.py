# item: scaled-dot-product-attention
# expect: timeout, failed, partial
# limit-seconds: 1
# attack: returns objects whose repr, eq, len, iter, bool, hash and format never end
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forever(self, *args):
    while True:
        pass


names = ["repr", "str", "eq", "ne", "len", "iter", "next", "bool", "hash", "format", "lt", "sub", "add", "getitem"]
Tarpit = type("Tarpit", (), {f"__{name}__": forever for name in names})
ScaledDotProductAttention.forward = lambda self, *args, **kwargs: (Tarpit(), Tarpit())
