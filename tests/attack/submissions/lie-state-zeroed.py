# item: multi-head-attention
# expect: failed, partial
# attack: overwrites the state it is asked to load, from which the suite computes what it expects, with zeros
# at-most: 0.3
import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("no")
        for name in ("query_linear", "key_linear", "value_linear", "out_linear"):
            setattr(self, name, nn.Linear(d_model, d_model))

    def load_state_dict(self, state_dict, strict=True):
        for tensor in state_dict.values():
            tensor.zero_()
        return super().load_state_dict(state_dict, strict)

    def forward(self, query, key, value, mask=None):
        return torch.zeros_like(query)
