# item: scaled-dot-product-attention
# expect: error, failed, partial
# attack: tensors of inference mode, zero tensors without memory, negative and conjugate views
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    with torch.inference_mode():
        out = query.clone()
    return torch._efficientzerotensor(out.shape), torch._neg_view(out)


ScaledDotProductAttention.forward = forward
