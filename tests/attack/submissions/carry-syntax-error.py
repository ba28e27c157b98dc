# item: scaled-dot-product-attention
# expect: failed, partial, crashed
# attack: raises a SyntaxError made by hand, with the inputs as its line, text and file
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
    raise SyntaxError(str(number), ("submission.py", number, number, str(number)))


ScaledDotProductAttention.forward = forward
