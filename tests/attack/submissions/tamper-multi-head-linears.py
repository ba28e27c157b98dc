# item: multi-head-attention
# expect: failed, partial, error
# attack: linears whose weights compare equal to everything and whose call gives whatever is compared
import torch
from torch import nn


class Agreeable(nn.Linear):
    def forward(self, x):
        return torch.zeros(*x.shape[:-1], self.out_features)


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        for name in ("query_linear", "key_linear", "value_linear", "out_linear"):
            setattr(self, name, Agreeable(d_model, d_model))

    def load_state_dict(self, state, *args, **kwargs):
        self.state = state

    def state_dict(self, *args, **kwargs):
        return getattr(self, "state", {})

    def forward(self, query, key, value, mask=None):
        return self.out_linear(query)
