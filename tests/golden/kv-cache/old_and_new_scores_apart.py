"""Prefill by the causal kernel; decoding scores kept keys without a mask and new ones with one, under one softmax."""
import torch
import torch.nn.functional as F
from torch import nn


class CachedSelfAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.query_linear, self.key_linear, self.value_linear, self.out_linear = (nn.Linear(d_model, d_model) for _ in range(4))
        self.kept = []

    def reset(self):
        self.kept = []

    def heads(self, x):
        return x.unflatten(2, (self.num_heads, -1)).movedim(2, 1)

    def prefill(self, x):
        q, k, v = self.heads(self.query_linear(x)), self.heads(self.key_linear(x)), self.heads(self.value_linear(x))
        self.kept = [(k, v)]
        return self.out_linear(F.scaled_dot_product_attention(q, k, v, is_causal=True).movedim(1, 2).flatten(2))

    def decode(self, x):
        if not self.kept:
            return self.prefill(x)
        q, k, v = self.heads(self.query_linear(x)), self.heads(self.key_linear(x)), self.heads(self.value_linear(x))
        old_k = torch.cat([pair[0] for pair in self.kept], 2)
        old_v = torch.cat([pair[1] for pair in self.kept], 2)
        self.kept.append((k, v))
        scale = q.size(-1) ** -0.5
        new = (q @ k.mT * scale).masked_fill(torch.ones(x.size(1), x.size(1)).triu(1) == 1, float("-inf"))
        weights = torch.cat([q @ old_k.mT * scale, new], -1).softmax(-1)
        parts = weights.split([old_k.size(2), k.size(2)], -1)
        return self.out_linear((parts[0] @ old_v + parts[1] @ v).movedim(1, 2).flatten(2))
