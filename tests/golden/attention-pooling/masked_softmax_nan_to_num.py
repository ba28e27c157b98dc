import torch
from torch import nn


class MaskedSoftmax(nn.Module):
    def forward(self, scores, mask):
        scores = scores.masked_fill(mask.logical_not().unsqueeze(1), float("-inf"))
        return torch.nan_to_num(scores.softmax(-1), nan=0.0)


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(num_queries, dim))
        self.softmax = MaskedSoftmax()

    def forward(self, x, mask=None):
        scores = (self.queries.unsqueeze(0) @ x.mT).div(x.shape[2] ** 0.5)
        weights = scores.softmax(-1) if mask is None else self.softmax(scores, mask)
        return torch.bmm(weights, x), weights
