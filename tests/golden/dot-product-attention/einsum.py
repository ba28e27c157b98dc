import torch
import torch.nn as nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super(DotProductAttention, self).__init__()
        self.d_model = d_model
        self.drop = nn.Dropout(p=dropout)

    def forward(self, query, key, value, mask=None):
        scores = torch.einsum("bqd,bkd->bqk", query, key)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        output = torch.einsum("bqk,bkv->bqv", self.drop(weights), value)
        return output, weights
