# item: scaled-dot-product-attention
# expect: failed, partial
# attack: raises an exception whose type is named after the inputs
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    number = int(query.flatten()[0])
    raise type(f"Error{abs(number)}", (ValueError,), {})("nothing to see")


ScaledDotProductAttention.forward = forward
