# item: scaled-dot-product-attention
# expect: timeout, error, failed, partial
# limit-seconds: 1
# attack: stops itself with SIGSTOP and SIGTSTP, so that it neither runs nor ends
import os
import signal

os.kill(os.getpid(), signal.SIGTSTP)
os.kill(os.getpid(), signal.SIGSTOP)

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))
