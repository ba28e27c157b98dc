# item: scaled-dot-product-attention
# expect: failed, partial, crashed
# attack: lifts the caps on its own side of the wire and returns what they forbid
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


for name, module in list(sys.modules.items()):
    if name.startswith("sandbox"):
        for attribute in list(vars(module)):
            if attribute.startswith("MAX_"):
                setattr(module, attribute, 2**62)
        if hasattr(module, "clean_text"):
            module.clean_text = lambda text, limit=0: text
        if hasattr(module, "require_dense"):
            module.require_dense = lambda tensor: str(tensor.dtype)[6:]


def forward(self, query, key, value, mask=None):
    return ["A" * 5000, "\x1b[31m\0\ud800", [[[[0] * 100] * 100]], torch.zeros([1] * 20)], 2**100


ScaledDotProductAttention.forward = forward
