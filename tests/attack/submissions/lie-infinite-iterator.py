# item: scaled-dot-product-attention
# expect: failed, partial
# attack: an object that iterates endlessly, with a length
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Stream:
    def __iter__(self):
        return self

    def __next__(self):
        return torch.zeros(1)

    def __len__(self):
        return 2


def forward(self, query, key, value, mask=None):
    return Stream()


ScaledDotProductAttention.forward = forward
