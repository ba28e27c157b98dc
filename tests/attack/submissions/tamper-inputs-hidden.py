# item: scaled-dot-product-attention
# expect: partial, failed
# attack: overwrites its inputs in place and makes its own side of the wire report that nothing changed
import sys

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(scores.softmax(-1))
        return weights @ value, weights


inner = ScaledDotProductAttention.forward


def forward(self, query, key, value, mask=None):
    out, weights = inner(self, query.clone(), key, value, mask)
    with torch.no_grad():
        query.mul_(3.0)
        value.zero_()
    return out.clone(), weights.clone()


for module in list(sys.modules.values()):
    if hasattr(module, "Workspace"):
        module.Workspace._changed = lambda *args: []
ScaledDotProductAttention.forward = forward
