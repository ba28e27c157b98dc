# mistake: joins the heads in reverse
import torch
from torch import nn


class CrossAttention(nn.Module):
    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        d_memory = d_model if d_memory is None else d_memory
        self.n_heads = n_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_memory, d_model)
        self.value_linear = nn.Linear(d_memory, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def split(self, x):
        return x.unflatten(-1, (self.n_heads, -1)).transpose(1, 2)

    def hide(self, scores, memory_mask):
        if memory_mask is None:
            return scores.softmax(-1)
        padding = ~memory_mask[:, None, None]
        empty = padding.all(-1, keepdim=True)
        weights = scores.masked_fill(padding, float("-inf")).masked_fill(empty, 0.0).softmax(-1)
        return weights.masked_fill(empty, 0.0)

    def forward(self, x, memory, memory_mask=None):
        query = self.split(self.query_linear(x))
        key, value = self.split(self.key_linear(memory)), self.split(self.value_linear(memory))
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
        weights = self.hide(scores, memory_mask)
        return self.out_linear((weights @ value).flip(1).transpose(1, 2).flatten(2)), weights
