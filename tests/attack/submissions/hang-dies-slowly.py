# item: scaled-dot-product-attention
# expect: timeout, failed, partial
# limit-seconds: 1
# attack: answers every call rightly shaped but sleeps so long in each that only the sum passes the limit
import time

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


inner = ScaledDotProductAttention.forward


def forward(self, *args, **kwargs):
    time.sleep(0.8)
    return inner(self, *args, **kwargs)


ScaledDotProductAttention.forward = forward
