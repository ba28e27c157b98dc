# mistake: takes the largest position only
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
            weights = scores.softmax(dim=-1)
        else:
            weights = scores.masked_fill(~mask.unsqueeze(1), float("-inf")).softmax(dim=-1).nan_to_num()
        hard = torch.zeros_like(weights).scatter(-1, weights.argmax(-1, keepdim=True), 1.0)
        return hard @ x, weights
