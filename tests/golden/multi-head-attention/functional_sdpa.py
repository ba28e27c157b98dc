import torch.nn.functional as F
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError("num_heads must divide d_model")
        self.num_heads = num_heads
        self.dropout = dropout
        for name in ("query", "key", "value", "out"):
            self.add_module(name + "_linear", nn.Linear(d_model, d_model))

    def forward(self, query, key, value, mask=None):
        q = self.query_linear(query).unflatten(2, (self.num_heads, -1)).transpose(1, 2)
        k = self.key_linear(key).unflatten(2, (self.num_heads, -1)).transpose(1, 2)
        v = self.value_linear(value).unflatten(2, (self.num_heads, -1)).transpose(1, 2)
        out = F.scaled_dot_product_attention(
            q, k, v,
            attn_mask=mask.bool() if mask is not None else None,
            dropout_p=self.dropout if self.training else 0.0,
        )
        return self.out_linear(out.transpose(1, 2).flatten(2))
