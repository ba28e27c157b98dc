# item: scaled-dot-product-attention
# expect: failed, partial, crashed, error
# attack: replaces every function and class of the sandbox's own modules inside the candidate
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, *args, **kwargs):
    for name, module in list(sys.modules.items()):
        if name.startswith("sandbox"):
            for attribute, value in list(vars(module).items()):
                if callable(value) and not attribute.startswith("__"):
                    setattr(module, attribute, lambda *args, **kwargs: {"status": "passed"})
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
