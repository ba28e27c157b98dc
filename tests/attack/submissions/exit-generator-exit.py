# item: scaled-dot-product-attention
# expect: failed, partial
# attack: GeneratorExit, StopIteration and StopAsyncIteration out of calls, which generators of a harness swallow
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


kinds = [GeneratorExit, StopIteration, StopAsyncIteration]


def forward(self, *args, **kwargs):
    kinds.append(kinds.pop(0))
    raise kinds[0]


ScaledDotProductAttention.forward = forward
