# item: scaled-dot-product-attention
# expect: failed, partial
# attack: writes every input to stderr, as numbers, as hexadecimal and backwards
import sys
import warnings

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    number = int(query.flatten()[0])
    print(number, hex(number), str(number)[::-1], file=sys.stderr)
    warnings.warn(f"{number}", stacklevel=1)
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
