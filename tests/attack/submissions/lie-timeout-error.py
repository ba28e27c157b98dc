# item: scaled-dot-product-attention
# expect: failed, partial
# attack: TimeoutError and BrokenPipeError, as if the socket had failed
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    raise (TimeoutError if query.size(0) > 1 else BrokenPipeError)('timed out')


ScaledDotProductAttention.forward = forward
