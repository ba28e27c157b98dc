# mistake: exponentials without a maximum taken off
import torch
from torch import nn


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.dim = dim
        self.queries = nn.Parameter(torch.randn(num_queries, dim))

    def forward(self, x, mask=None):
        scores = self.queries @ x.transpose(1, 2) / self.dim**0.5
        if mask is None:
            weights = scores.exp() / scores.exp().sum(-1, keepdim=True)
        else:
            weights = (scores.exp() * mask.unsqueeze(1)) / (scores.exp() * mask.unsqueeze(1)).sum(-1, keepdim=True).clamp(min=1e-30)
        return weights @ x, weights
