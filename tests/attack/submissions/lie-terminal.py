# item: scaled-dot-product-attention
# expect: failed, partial
# attack: terminal escapes, carriage returns and backspaces in output and messages
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    print("\x1b[2J\x1b[H\x1b[32m10/10 passed\x1b[0m\x1b]8;;http://example.invalid\x07link\x1b]8;;\x07\b\b\b\r")
    raise ValueError("\x1b[1A\x1b[2K\x1b[32mpassed\x1b[0m\x1b]52;c;b3duZWQ=\x07")


ScaledDotProductAttention.forward = forward
