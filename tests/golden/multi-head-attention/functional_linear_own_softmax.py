from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Config:
    d_model: int
    num_heads: int
    dropout: float

    def __post_init__(self):
        if self.d_model % self.num_heads:
            raise ValueError(self)


def softmax(scores):
    shifted = scores - scores.amax(-1, keepdim=True).detach()
    e = shifted.exp()
    return e.div(e.sum(-1, keepdim=True))


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        self.config = Config(d_model, num_heads, dropout)
        self.query_linear = nn.Linear(d_model, d_model, bias=True)
        self.key_linear = nn.Linear(d_model, d_model, bias=True)
        self.value_linear = nn.Linear(d_model, d_model, bias=True)
        self.out_linear = nn.Linear(d_model, d_model, bias=True)

    def heads(self, x, layer):
        y = F.linear(x, layer.weight, layer.bias)
        return torch.stack(y.split(y.size(-1) // self.config.num_heads, dim=-1), dim=1)  # (B, H, L, d)

    def forward(self, query, key, value, mask=None):
        q = self.heads(query, self.query_linear)
        k = self.heads(key, self.key_linear)
        v = self.heads(value, self.value_linear)
        scores = (q.unsqueeze(3) * k.unsqueeze(2)).sum(-1) / q.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(torch.logical_not(mask), float("-inf"))
        weights = F.dropout(softmax(scores), p=self.config.dropout, training=self.training)
        merged = torch.cat(list((weights @ v).unbind(1)), dim=-1)
        return F.linear(merged, self.out_linear.weight, self.out_linear.bias)
