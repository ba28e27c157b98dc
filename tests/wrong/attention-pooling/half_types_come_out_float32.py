# mistake: half-precision inputs give float32 results
import torch
from torch import nn


class AttentionPooling(nn.Module):
    """Learned queries that each take a weighted average of a sequence (Lin et al. 2017; Lee et al. 2019)."""

    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(num_queries, dim))  # (M, d)

    def score(self, x):
        return self.queries @ x.transpose(1, 2) / x.size(-1) ** 0.5  # (M, d) @ (B, d, L) -> (B, M, L)

    def weigh(self, scores, mask):
        if mask is None:
            return scores.softmax(dim=-1)
        empty = ~mask.any(dim=-1, keepdim=True)  # (B, 1): no softmax gets to see a row without any real position
        seen = (mask | empty).unsqueeze(1)  # (B, 1, L)
        weights = scores.masked_fill(~seen, float("-inf")).softmax(dim=-1)  # (B, M, L)
        return weights.masked_fill(empty.unsqueeze(1), 0.0)

    def forward(self, x, mask=None):
        weights = self.weigh(self.score(x), mask)
        weights = weights.to(torch.promote_types(weights.dtype, torch.float32))
        return weights @ x.to(weights.dtype), weights  # (B, M, d), (B, M, L)
