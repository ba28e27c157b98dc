# item: scaled-dot-product-attention
# expect: failed, partial
# attack: NaNs with payloads and denormal numbers, read from raw bytes
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    bits = torch.arange(0x7FC00000, 0x7FC00000 + value.size(-1), dtype=torch.int32)
    return bits.view(torch.float32).expand(*query.shape[:-1], value.size(-1)), torch.full((1,), 1e-45)


ScaledDotProductAttention.forward = forward
