# item: scaled-dot-product-attention
# expect: failed, partial, timeout
# limit-seconds: 2
# attack: 100,000 different warnings
import warnings

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, *args, **kwargs):
    warnings.simplefilter("always")
    for number in range(100_000):
        warnings.warn(f"warning {number}", stacklevel=1)
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
