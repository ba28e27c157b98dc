# mistake: has two queries where none were asked for
import torch
from torch import nn


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=2):
        super().__init__()
        self.dim = dim
        self.queries = nn.Parameter(torch.randn(num_queries, dim))

    def forward(self, x, mask=None):
        scores = self.queries @ x.transpose(1, 2) / self.dim**0.5
        if mask is None:
            weights = scores.softmax(dim=-1)
        else:
            weights = scores.masked_fill(~mask.unsqueeze(1), float("-inf")).softmax(dim=-1).nan_to_num()
        return weights @ x, weights
