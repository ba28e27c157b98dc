# item: scaled-dot-product-attention
# expect: failed, partial
# attack: a SyntaxError raised by hand that claims to be about another file and text
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    raise SyntaxError("10/10 passed", ("/etc/passwd", 1, 1, "root:x:0:0\x1b[31m", 2, 3))


ScaledDotProductAttention.forward = forward
