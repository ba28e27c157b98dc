# mistake: relative positions are made two axes
import math

import torch
from torch import nn


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    relative = relative.reshape(relative.size(0), -1)
    half = num_buckets // 2 if bidirectional else num_buckets
    distance = relative.abs() if bidirectional else (-relative).clamp(min=0)
    exact = half // 2
    ratio = distance.clamp(min=exact).double() / exact
    far = exact + ((half - exact) * ratio.log() / math.log(max_distance / exact)).long()
    bucket = torch.where(distance < exact, distance, far.clamp(max=half - 1)).long()
    return bucket + half * (relative > 0) if bidirectional else bucket


class RelativePositionBias(nn.Module):
    def __init__(self, num_heads, num_buckets=32, max_distance=128, bidirectional=True):
        super().__init__()
        self.options = num_buckets, max_distance, bidirectional
        self.embedding = nn.Embedding(num_buckets, num_heads)

    def forward(self, query_length, key_length):
        places = torch.arange(key_length)
        relative = places - places[key_length - query_length :, None]
        return self.embedding(relative_buckets(relative, *self.options)).permute(2, 0, 1)


def biased_attention(query, key, value, bias, causal=False):
    scores = query @ key.transpose(-2, -1) + bias
    if causal:
        queries, keys = scores.shape[-2:]
        future = torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)
        scores = scores.masked_fill(future, float("-inf"))
    return scores.softmax(-1) @ value
