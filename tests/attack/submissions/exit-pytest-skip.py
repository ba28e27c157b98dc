# item: scaled-dot-product-attention
# expect: failed, partial
# attack: pytest.skip by name where pytest can be imported, else by a class of the same name and module
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


try:
    from pytest import skip
except ImportError:
    Skipped = type("Skipped", (BaseException,), {"__module__": "_pytest.outcomes", "msg": "not today"})

    def skip(reason):
        raise Skipped(reason)


ScaledDotProductAttention.forward = lambda self, *args, **kwargs: skip("not today")
