# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed
# attack: finds the candidate's own loop up the stack and takes its descriptor, its handles and its records
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))

import sys

frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_locals.items()):
        if type(value).__name__ == "Workspace":
            value._objects.clear()
            value._records.clear()
            value._numbers.clear()
            value.perform = lambda *args, **kwargs: True
    frame = frame.f_back
