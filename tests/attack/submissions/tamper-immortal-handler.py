# item: scaled-dot-product-attention
# expect: failed, partial, crashed, timeout
# limit-seconds: 2
# attack: installs handlers for every signal, faulthandler and a fatal-error hook that carry on
import faulthandler
import signal

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


for number in range(1, 32):
    try:
        signal.signal(number, lambda *args: None)
    except (OSError, ValueError):
        pass
try:
    faulthandler.dump_traceback_later(0.01, repeat=True)
except (RuntimeError, AttributeError, OSError):
    pass
