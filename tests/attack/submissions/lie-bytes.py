# item: scaled-dot-product-attention
# expect: failed, partial
# attack: bytes, memoryviews, ranges, sets, slices and Ellipsis
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    return b'\0' * 100, [memoryview(b'1'), range(10**18), {1}, slice(1), ...]


ScaledDotProductAttention.forward = forward
