# mistake: calls the library's kernel, whose default is to scale
import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        output = nn.functional.scaled_dot_product_attention(query, key, value, None if mask is None else mask.bool())
        weights = (query @ key.transpose(1, 2)).softmax(-1)
        return output, weights
