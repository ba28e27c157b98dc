# item: scaled-dot-product-attention
# expect: failed, partial
# attack: replaces the functions a reference would call, so that the reference would be wrong too
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def zeros(x, *args, **kwargs):
    return torch.zeros_like(x)


torch.softmax = torch.nn.functional.softmax = torch.Tensor.softmax = zeros
torch.nn.functional.scaled_dot_product_attention = lambda q, k, v, *args, **kwargs: torch.zeros_like(q)
torch.matmul = torch.bmm = torch.einsum = lambda *args, **kwargs: torch.zeros(1)
