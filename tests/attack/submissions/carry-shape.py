# item: scaled-dot-product-attention
# expect: failed, partial
# attack: returns a shape that spells the inputs, for the message that says which shape came
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    number = abs(int(query.flatten()[0]))
    return torch.zeros(1).expand(*[int(digit) + 1 for digit in str(number)][:7]), torch.zeros(0, number % 2**20)


ScaledDotProductAttention.forward = forward
