# item: scaled-dot-product-attention
# expect: failed, partial
# attack: a wrapper subclass with __torch_dispatch__ that computes lazily what it is compared with
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Lazy(torch.Tensor):
    @staticmethod
    def __new__(cls, shape):
        return torch.Tensor._make_wrapper_subclass(cls, shape, dtype=torch.float32)

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        for argument in args:
            if type(argument) is torch.Tensor:
                return argument
        return torch.zeros(())


def forward(self, query, key, value, mask=None):
    return Lazy(query.shape), Lazy(query.shape)


ScaledDotProductAttention.forward = forward
