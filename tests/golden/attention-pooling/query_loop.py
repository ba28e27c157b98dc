import torch
from torch import nn


def pool_one(query, x, mask):
    score = (x * query).sum(-1) / x.size(-1) ** 0.5  # (B, L)
    top = score.masked_fill(~mask, float("-inf")).amax(1, keepdim=True)
    top = torch.where(top.isinf(), torch.zeros_like(top), top).detach()
    power = (score - top).clamp(max=0).exp() * mask
    total = power.sum(1, keepdim=True)
    weight = power / torch.where(total == 0, torch.ones_like(total), total)
    return (weight.unsqueeze(-1) * x).sum(1), weight


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.queries = nn.Parameter(torch.eye(max(dim, num_queries))[:num_queries, :dim] + 0.1 * torch.randn(num_queries, dim))

    def forward(self, x, mask=None):
        if mask is None:
            mask = torch.ones_like(x[..., 0], dtype=torch.bool)
        pooled, weights = zip(*(pool_one(q, x, mask) for q in self.queries))
        return torch.stack(pooled, 1), torch.stack(weights, 1)
