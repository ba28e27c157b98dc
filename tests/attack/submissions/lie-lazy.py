# item: scaled-dot-product-attention
# expect: error, failed, partial, crashed
# attack: lazy parameters, lazy modules and tensors on the lazy device, which compute when they are looked at
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    try:
        out = torch.ones(2, 3, 4, device="lazy")
    except Exception:
        out = nn.parameter.UninitializedParameter()
    return out, nn.parameter.UninitializedBuffer()


ScaledDotProductAttention.forward = forward
