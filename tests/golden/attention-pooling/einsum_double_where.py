import torch
import torch.nn as nn


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.scale = dim ** -0.5
        self.queries = nn.Parameter(torch.empty(num_queries, dim))
        nn.init.normal_(self.queries, std=dim ** -0.5)

    def forward(self, x, mask=None):
        scores = torch.einsum("md,bld->bml", self.queries, x) * self.scale
        if mask is None:
            mask = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        mask = mask[:, None, :]
        some = mask.any(-1, keepdim=True)
        scores = torch.where(mask, scores, torch.full_like(scores, -torch.inf))
        scores = torch.where(some, scores, torch.zeros_like(scores))
        weights = torch.where(some, scores.softmax(-1), torch.zeros_like(scores))
        return torch.einsum("bml,bld->bmd", weights, x), weights
