"""Room is set aside and doubled when it is full; nothing is copied in most steps."""
import math

import torch
from torch import nn


class Room:
    def __init__(self):
        self.length, self.k, self.v = 0, None, None

    def append(self, k, v):
        batch, heads, new, width = k.shape
        need = self.length + new
        if self.k is None:
            size = max(16, 2 ** math.ceil(math.log2(need)))
            self.k, self.v = k.new_empty(batch, heads, size, width), v.new_empty(batch, heads, size, width)
        elif need > self.k.size(2):
            size = 2 ** math.ceil(math.log2(need))
            bigger = [old.new_empty(batch, heads, size, width) for old in (self.k, self.v)]
            for old, fresh in zip((self.k, self.v), bigger):
                fresh[:, :, : self.length] = old[:, :, : self.length]
            self.k, self.v = bigger
        self.k[:, :, self.length : need] = k.detach()
        self.v[:, :, self.length : need] = v.detach()
        self.length = need
        return self.k[:, :, :need], self.v[:, :, :need]


class CachedSelfAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.h = num_heads
        for name in ("query", "key", "value", "out"):
            self.add_module(name + "_linear", nn.Linear(d_model, d_model, bias=True))
        self.room = Room()

    def reset(self):
        self.room = Room()

    def prefill(self, x):
        self.reset()
        return self.decode(x)

    def decode(self, x):
        b, t, _ = x.shape
        q, k, v = (lin(x).reshape(b, t, self.h, -1).permute(0, 2, 1, 3) for lin in (self.query_linear, self.key_linear, self.value_linear))
        k, v = self.room.append(k, v)
        s = torch.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(q.shape[-1])
        late = torch.triu(torch.ones(t, k.shape[2]), diagonal=1 + k.shape[2] - t).bool()
        a = torch.softmax(s.masked_fill(late, -math.inf), dim=-1)
        return self.out_linear(torch.einsum("bhts,bhsd->bthd", a, v).reshape(b, t, -1))
