# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed, timeout
# limit-seconds: 2
# attack: traces the candidate's own loop and rewrites what it returns
import sys
import threading

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def trace(frame, event, argument):
    if "sandbox" in frame.f_code.co_filename and event == "return":
        for name in ("error", "failed", "ok", "kind"):
            if name in frame.f_locals:
                frame.f_locals[name] = None
    return trace


sys.settrace(trace)
sys.setprofile(trace)
threading.settrace(trace)
frame = sys._getframe()
while frame:
    frame.f_trace = trace
    frame = frame.f_back
