# item: scaled-dot-product-attention
# expect: failed, partial, timeout
# limit-seconds: 2
# attack: a tuple that lies about its length and iterates endlessly
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Liar(tuple):
    def __iter__(self):
        while True:
            yield torch.zeros(1)

    def __len__(self):
        return -1

    def __getitem__(self, index):
        return Liar()


inner = ScaledDotProductAttention.forward


def forward(self, query, key, value, mask=None):
    return Liar(inner(self, query, key, value, mask))


ScaledDotProductAttention.forward = forward
