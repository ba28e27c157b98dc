# item: scaled-dot-product-attention
# expect: failed, partial
# attack: speaks when everything is over: atexit, finalisers, excepthook, unraisablehook
import atexit
import sys
import weakref

MARK = "BREACH" "-tamper-atexit"
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def late(*args):
    print(MARK)


atexit.register(late)
weakref.finalize(ScaledDotProductAttention, late)
sys.excepthook = sys.unraisablehook = late
