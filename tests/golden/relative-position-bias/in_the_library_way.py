import math

import torch
from torch import nn


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    result = 0
    if bidirectional:
        num_buckets //= 2
        result = result + (relative > 0).to(torch.long) * num_buckets
        n = torch.abs(relative)
    else:
        n = -torch.min(relative, torch.zeros_like(relative))
    max_exact = num_buckets // 2
    is_small = n < max_exact
    large = max_exact + (
        torch.log(n.float() / max_exact) / math.log(max_distance / max_exact) * (num_buckets - max_exact)
    ).to(torch.long)
    large = torch.min(large, torch.full_like(large, num_buckets - 1))
    return result + torch.where(is_small, n, large)


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
    scores = torch.matmul(query, key.transpose(3, 2))
    scores = scores + bias.unsqueeze(0)
    if causal:
        i = torch.arange(key.size(2) - query.size(2), key.size(2))
        scores = scores.masked_fill(torch.arange(key.size(2)) > i[:, None], torch.finfo(scores.dtype).min)
    return torch.matmul(nn.functional.softmax(scores, dim=-1), value)
