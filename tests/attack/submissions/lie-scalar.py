# item: scaled-dot-product-attention
# expect: failed, partial
# attack: 0-dimensional results
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    return torch.tensor(0.0), torch.tensor(1.0)


ScaledDotProductAttention.forward = forward
