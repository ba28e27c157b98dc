# item: scaled-dot-product-attention
# expect: passed
# attack: none: writes a file, reads it and leaves it
import os
import tempfile

import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(scores.softmax(-1))
        return weights @ value, weights


with tempfile.NamedTemporaryFile("w", delete=False) as file:
    file.write("notes")
assert open(file.name).read() == "notes"
torch.save(torch.ones(3), os.path.join(tempfile.gettempdir(), "x.pt"))
assert torch.load(os.path.join(tempfile.gettempdir(), "x.pt")).sum() == 3
