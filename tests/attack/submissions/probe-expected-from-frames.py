# item: scaled-dot-product-attention
# expect: failed, partial
# attack: looks for the expected values among all tensors in memory and returns one that fits
import gc

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    shape = (*query.shape[:-1], value.size(-1))
    for thing in gc.get_objects():
        if type(thing) is torch.Tensor and thing.shape == shape and thing is not query and thing is not value:
            return thing.clone(), torch.zeros(*query.shape[:-1], key.size(-2))
    return torch.zeros(shape), torch.zeros(*query.shape[:-1], key.size(-2))


ScaledDotProductAttention.forward = forward
