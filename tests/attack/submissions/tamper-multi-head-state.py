# item: multi-head-attention
# expect: failed, partial
# attack: keeps weights of its own and answers state_dict with the ones it was given
import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("d_model is not divisible")
        self.heads = num_heads
        for name in ("query_linear", "key_linear", "value_linear", "out_linear"):
            setattr(self, name, nn.Linear(d_model, d_model))

    def load_state_dict(self, state, *args, **kwargs):
        self.claimed = {name: tensor.clone() for name, tensor in state.items()}

    def state_dict(self, *args, **kwargs):
        return getattr(self, "claimed", None) or super().state_dict(*args, **kwargs)

    def forward(self, query, key, value, mask=None):
        split = lambda x: x.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q, k, v = split(self.query_linear(query)), split(self.key_linear(key)), split(self.value_linear(value))
        scores = q @ k.transpose(-2, -1) / q.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        return self.out_linear((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))
