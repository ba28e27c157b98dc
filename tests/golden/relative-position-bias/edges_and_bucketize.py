"""The first distance of each bucket, and a search among them."""
import torch
from torch import nn


def edges(half, max_distance):
    exact = half // 2
    steps = torch.arange(half - exact, dtype=torch.float64) / (half - exact)
    logarithmic = (exact * (max_distance / exact) ** steps - 1e-9).ceil().long()
    return torch.cat([torch.arange(exact), logarithmic])


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    half = num_buckets // 2 if bidirectional else num_buckets
    n = relative.abs() if bidirectional else torch.relu(-relative)
    bucket = torch.searchsorted(edges(half, max_distance), n.contiguous(), right=True) - 1
    if bidirectional:
        bucket = torch.where(relative > 0, bucket + half, bucket)
    return bucket


class RelativePositionBias(nn.Module):
    def __init__(self, num_heads, num_buckets=32, max_distance=128, bidirectional=True):
        super().__init__()
        self.num_buckets = num_buckets
        self.max_distance = max_distance
        self.bidirectional = bidirectional
        self.embedding = nn.Embedding(num_buckets, num_heads)

    def forward(self, query_length, key_length):
        i = torch.arange(key_length - query_length, key_length)[:, None]
        j = torch.arange(key_length)[None, :]
        buckets = relative_buckets(j - i, self.num_buckets, self.max_distance, self.bidirectional)
        return self.embedding(buckets).movedim(-1, 0)


def biased_attention(query, key, value, bias, causal=False):
    if causal:
        lq, lk = bias.shape[-2:]
        keep = torch.ones(lq, lk, dtype=torch.bool).tril(lk - lq)
        bias = bias.masked_fill(~keep, float("-inf"))
    return nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias, scale=1.0)
