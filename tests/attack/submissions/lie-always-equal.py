# item: scaled-dot-product-attention
# expect: failed, partial
# attack: objects that are equal to everything, never unequal, true, and subtract to zero
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Equal:
    shape = torch.Size([])
    dtype = torch.float32

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __add__ = __radd__ = __mul__ = __abs__ = __getitem__ = __sub__
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__

    def __getattr__(self, name):
        return lambda *args, **kwargs: self


def forward(self, query, key, value, mask=None):
    return Equal(), Equal()


ScaledDotProductAttention.forward = forward
