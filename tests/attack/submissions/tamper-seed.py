# item: scaled-dot-product-attention
# expect: failed, partial
# attack: freezes every random generator, so that dropout and initial weights never vary
import random

import numpy

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


torch.manual_seed = torch.random.manual_seed = random.seed = numpy.random.seed = lambda *args: None
torch.rand = torch.randn = torch.zeros
torch.set_grad_enabled(False)
torch.set_default_dtype(torch.float64)
