# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed
# attack: makes meta the default device and half the default type, under the wire's own decoding too
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


torch.set_default_device("meta")
torch.set_default_dtype(torch.float16)
