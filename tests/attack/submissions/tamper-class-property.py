# item: scaled-dot-product-attention
# expect: failed, partial, crashed
# attack: objects whose `__class__` says Tensor, with a shape that fits
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Pretender:
    __class__ = torch.Tensor
    dtype = torch.float32
    device = torch.device("cpu")
    layout = torch.strided
    requires_grad = True

    def __init__(self, shape):
        self.shape = torch.Size(shape)

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return lambda *args, **kwargs: self


ScaledDotProductAttention.forward = lambda self, q, k, v, mask=None: (Pretender(q.shape), Pretender(q.shape))
