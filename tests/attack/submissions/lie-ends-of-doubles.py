# item: scaled-dot-product-attention
# expect: failed, partial
# attack: answers with the largest doubles of both signs, whose difference no double holds
import torch
from torch import nn


def _ends(*shape):
    ends = torch.full(shape, 1.7e308, dtype=torch.float64)
    ends.view(-1)[::2] *= -1
    return ends


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        return _ends(*query.shape[:-1], value.size(-1)), _ends(*query.shape[:-1], key.size(-2))
