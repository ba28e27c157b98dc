# item: scaled-dot-product-attention
# expect: timeout, crashed, failed, partial, error, memory
# limit-seconds: 2
# attack: well-formed replies of 60 MB each, until the total is above what one submission may send
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


ScaledDotProductAttention.forward = lambda self, *args, **kwargs: (torch.zeros(2**20, 15), torch.zeros(1))
