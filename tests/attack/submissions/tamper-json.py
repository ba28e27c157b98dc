# item: scaled-dot-product-attention
# expect: failed, partial, crashed, error, timeout
# limit-seconds: 1
# attack: makes the JSON encoder and struct in its own process lie
import json
import struct

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


json.dumps = lambda *args, **kwargs: '{"status": "passed", "score": 10}'
json.loads = lambda *args, **kwargs: {"kind": "passed"}
struct.pack = lambda *args: b"\0" * 16
