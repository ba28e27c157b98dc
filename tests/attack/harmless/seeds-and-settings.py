# item: scaled-dot-product-attention
# expect: passed
# attack: none: seeds, thread counts, recursion limit, warnings and garbage collection set as some courses teach it
import gc
import random
import sys
import warnings

import numpy as np

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(scores.softmax(-1))
        return weights @ value, weights


torch.manual_seed(0)
random.seed(0)
np.random.seed(0)
torch.set_num_threads(2)
torch.set_num_interop_threads(2)
torch.set_printoptions(precision=3)
sys.setrecursionlimit(5000)
warnings.filterwarnings("ignore")
gc.disable()
