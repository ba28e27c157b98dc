# item: scaled-dot-product-attention
# expect: failed, partial
# attack: writes the inputs down for the next submission
import tempfile

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    with open(f"{tempfile.gettempdir()}/attention-attack-inputs", "a") as file:
        file.write(str(query.tolist()))
    return torch.zeros(1), torch.zeros(1)


ScaledDotProductAttention.forward = forward
