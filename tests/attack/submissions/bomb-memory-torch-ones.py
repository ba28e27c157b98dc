# item: scaled-dot-product-attention
# expect: memory, failed, partial
# limit-seconds: 5
# attack: touched tensors in a call until no more can be had (3 GB at most)
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


hoard = []


def forward(self, *args, **kwargs):
    for _ in range(48):
        hoard.append(torch.ones(2**24))
    raise RuntimeError("BREACH" "-bomb-memory-torch-ones")


ScaledDotProductAttention.forward = forward
