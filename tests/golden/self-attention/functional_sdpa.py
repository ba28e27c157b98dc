import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("d_model must be divisible by num_heads")
        self.num_heads, self.dropout = num_heads, dropout
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def forward(self, x, mask=None):
        b, length, d_model = x.shape
        q, k, v = [
            linear(x).view(b, length, self.num_heads, -1).transpose(1, 2)
            for linear in (self.query_linear, self.key_linear, self.value_linear)
        ]
        mask = None if mask is None else mask != 0
        p = self.dropout if self.training else 0
        y = scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=p)
        return self.out_linear(y.transpose(1, 2).reshape(b, length, d_model))
