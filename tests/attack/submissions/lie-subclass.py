# item: scaled-dot-product-attention
# expect: failed, partial
# attack: tensors of a subclass whose __torch_function__ claims that everything is equal
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


class Agreeable(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function.__name__ in ("allclose", "isclose", "equal", "eq", "all", "__eq__", "sum"):
            return torch.ones((), dtype=torch.bool)
        return super().__torch_function__(function, types, args, kwargs)


inner = ScaledDotProductAttention.forward


def forward(self, query, key, value, mask=None):
    out, weights = inner(self, query, key, value, mask)
    return out.as_subclass(Agreeable), weights.as_subclass(Agreeable)


ScaledDotProductAttention.forward = forward
