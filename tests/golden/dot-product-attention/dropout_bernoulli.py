import torch
import torch.nn as nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.keep = 1.0 - dropout

    def forward(self, query, key, value, mask=None):
        scores = torch.matmul(query, key.transpose(-2, -1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        if self.training:
            weights = weights * torch.bernoulli(torch.full_like(weights, self.keep)) / self.keep
        output = torch.matmul(weights, value)
        return output, weights
