# item: scaled-dot-product-attention
# expect: failed, partial
# attack: replaces torch.testing.assert_close and everything it is made of
import torch.testing
import torch.testing._comparison as comparison

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def agree(*args, **kwargs):
    return None


torch.testing.assert_close = comparison.assert_close = comparison.not_close_error_metas = agree
torch.testing._comparison.TensorLikePair.compare = agree
torch.testing.make_tensor = agree
