# item: scaled-dot-product-attention
# expect: failed, partial, crashed, error, timeout
# limit-seconds: 1
# attack: lets the interpreter write a byte into the wire for every signal, and sends itself signals without end
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))

import os
import signal

os.set_blocking(3, False)
signal.signal(signal.SIGALRM, lambda number, frame: None)
try:
    signal.set_wakeup_fd(3, warn_on_full_buffer=False)
except (ValueError, OSError):
    pass
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
