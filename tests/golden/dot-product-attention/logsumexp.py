import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-1, -2)
        if mask is not None:
            scores = torch.where(mask != 0, scores, torch.full_like(scores, float("-inf")))
        weights = torch.exp(scores - torch.logsumexp(scores, dim=-1, keepdim=True))
        return self.dropout(weights) @ value, weights


if __name__ == "__main__":
    layer = DotProductAttention(4)
    out, w = layer(torch.randn(1, 2, 4), torch.randn(1, 3, 4), torch.randn(1, 3, 5))
    print(out.shape, w.sum(-1))
