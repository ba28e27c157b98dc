# item: scaled-dot-product-attention
# expect: failed, partial
# attack: every answer is wrong, and at the end it will not go: exit handlers, threads' locks, a finaliser that sleeps
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


import atexit
import signal
import time

for number in range(1, 32):
    try:
        signal.signal(number, lambda *_: time.sleep(1000))
    except (OSError, ValueError):
        pass
atexit.register(time.sleep, 1000)


class Stays:
    def __del__(self):
        time.sleep(1000)


stays = Stays()
