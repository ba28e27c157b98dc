import torch
import torch.nn as nn


def masked_softmax(x, mask=None, dim=-1):
    if mask is not None:
        keep = mask.bool()
        x = torch.where(keep, x, x.new_full((), torch.finfo(x.dtype).min))
    x = x - x.amax(dim, keepdim=True).detach()
    e = x.exp()
    if mask is not None:
        e = e * keep
    return e / e.sum(dim, keepdim=True)

class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = torch.matmul(query, key.transpose(-2, -1))
        weights = masked_softmax(scores, mask)
        weights = self.dropout(weights)
        output = torch.matmul(weights, value)
        return output, weights
