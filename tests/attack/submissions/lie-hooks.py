# item: scaled-dot-product-attention
# expect: partial, failed
# attack: right values whose gradient hooks multiply by zero, on outputs and inputs alike
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
    for tensor in (query, key, value):
        if tensor.requires_grad:
            tensor.register_hook(lambda grad: grad * 0)
    out, weights = inner(self, query, key, value, mask)
    if out.requires_grad:
        out.register_hook(lambda grad: grad * 0)
    return out, weights


ScaledDotProductAttention.forward = forward
