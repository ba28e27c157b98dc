"""Looks up each difference once and takes the diagonals from that."""
import math

import torch
from torch import nn
from torch.nn import functional as F


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    h = num_buckets // (2 if bidirectional else 1)
    n = relative.abs() if bidirectional else (-relative).clamp_min(0)
    e = h // 2
    log = torch.log(n.clamp_min(1).double() / e) * ((h - e) / math.log(max_distance / e))
    bucket = torch.where(n < e, n, (e + log.floor().long()).clamp_max(h - 1))
    return bucket + h * (relative > 0).long() * bidirectional


class RelativePositionBias(nn.Module):
    def __init__(self, num_heads, num_buckets=32, max_distance=128, bidirectional=True):
        super().__init__()
        self.how = dict(num_buckets=num_buckets, max_distance=max_distance, bidirectional=bidirectional)
        self.embedding = nn.Embedding(num_buckets, num_heads)

    def forward(self, query_length, key_length):
        differences = torch.arange(1 - key_length, query_length)  # j - i from the lowest to the highest
        numbers = self.embedding.weight[relative_buckets(differences, **self.how)]  # (differences, H)
        i = torch.arange(query_length)[:, None] + key_length - query_length
        j = torch.arange(key_length)
        return numbers.t()[:, j - i + key_length - 1]


def biased_attention(query, key, value, bias, causal=False):
    b = bias
    if causal:
        lq, lk = b.shape[1:]
        b = b + torch.full((lq, lk), -torch.inf, dtype=b.dtype).triu(lk - lq + 1)
    return F.scaled_dot_product_attention(query * query.size(-1) ** 0.5, key, value, attn_mask=b)
