# mistake: in training mode some weights are dropped though the layer has no dropout
import torch
from torch import nn


class CrossAttention(nn.Module):
    """Queries from one sequence, keys and values from another (Vaswani et al. 2017, 3.2.3)."""

    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        d_memory = d_model if d_memory is None else d_memory
        self.n_heads = n_heads
        self.drop = nn.Dropout(0.1)
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_memory, d_model)
        self.value_linear = nn.Linear(d_memory, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def split(self, x):
        return x.unflatten(-1, (self.n_heads, -1)).transpose(1, 2)  # (B, L, d_model) -> (B, H, L, d_h)

    def hide(self, scores, memory_mask):
        """Weights over the positions of the memory that are real, all zero where none is."""
        if memory_mask is None:
            return scores.softmax(-1)
        padding = ~memory_mask[:, None, None]  # (B, 1, 1, Lk)
        empty = padding.all(-1, keepdim=True)  # (B, 1, 1, 1)
        weights = scores.masked_fill(padding, float("-inf")).masked_fill(empty, 0.0).softmax(-1)  # never 0/0
        return weights.masked_fill(empty, 0.0)

    def forward(self, x, memory, memory_mask=None):
        query = self.split(self.query_linear(x))  # (B, H, Lq, d_h)
        key, value = self.split(self.key_linear(memory)), self.split(self.value_linear(memory))  # (B, H, Lk, d_h)
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5  # (B, H, Lq, Lk)
        weights = self.hide(scores, memory_mask)  # (B, H, Lq, Lk)
        return self.out_linear((self.drop(weights) @ value).transpose(1, 2).flatten(2)), weights  # (B, Lq, d_model)
