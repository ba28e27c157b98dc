# mistake: the cache holds 1024 positions and no more
import torch
from torch import nn


class CachedSelfAttention(nn.Module):
    """Causal self-attention that keeps keys and values of the positions it has seen."""

    def __init__(self, d_model, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.reset()

    def reset(self):
        self.keys = self.values = None

    def split(self, x):
        return x.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)  # (B, T, d_model) -> (B, H, T, d)

    def prefill(self, x):
        self.reset()
        return self.decode(x)

    def decode(self, x):
        q = self.split(self.query_linear(x))  # (B, H, T, d)
        k, v = self.keep(self.split(self.key_linear(x)), self.split(self.value_linear(x)))  # (B, H, n + T, d)
        return self.attend(q, k, v, self.mask(q.size(2), k.size(2)))  # (B, T, d_model)

    def keep(self, k, v):
        """All keys and values up to now, the new ones last."""
        if self.keys is None:
            self.n = 0
            self.keys, self.values = (x.new_zeros(x.size(0), x.size(1), 1024, x.size(3)) for x in (k, v))
        end = self.n + k.size(2)
        self.keys[:, :, self.n : end], self.values[:, :, self.n : end] = k, v
        self.n = end
        return self.keys[:, :, :end], self.values[:, :, :end]

    def mask(self, new, total):
        return torch.ones(new, total, dtype=torch.bool).tril(total - new)  # (T, n + T)

    def attend(self, q, k, v, mask):
        scores = q @ k.transpose(-2, -1) / q.size(-1) ** 0.5  # (B, H, T, n + T)
        weights = scores.masked_fill(~mask, float("-inf")).softmax(-1)  # (B, H, T, n + T)
        return self.out_linear((weights @ v).transpose(1, 2).flatten(2))  # (B, T, d_model)
