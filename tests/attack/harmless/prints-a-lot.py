# item: scaled-dot-product-attention
# expect: passed
# attack: none: prints 40 KB in all, with Chinese text and colours
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
lines = iter(range(400))


def forward(self, *args, **kwargs):
    for number in lines:
        print(f"\x1b[32m第 {number} 行\x1b[0m", "注意力" * 20)
    return inner(self, *args, **kwargs)


ScaledDotProductAttention.forward = forward
