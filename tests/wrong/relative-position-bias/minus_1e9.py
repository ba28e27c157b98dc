# mistake: masked scores are -1e9, which float16 cannot hold
import math

import torch
from torch import nn


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    """Buckets of T5 (Raffel et al. 2020): one for each near distance, logarithmic ones further away."""
    half = num_buckets // 2 if bidirectional else num_buckets
    distance = relative.abs() if bidirectional else (-relative).clamp(min=0)
    exact = half // 2
    ratio = distance.clamp(min=exact).double() / exact  # at least 1: nearer ones are not looked at
    far = exact + ((half - exact) * ratio.log() / math.log(max_distance / exact)).long()
    bucket = torch.where(distance < exact, distance, far.clamp(max=half - 1)).long()
    return bucket + half * (relative > 0) if bidirectional else bucket


class RelativePositionBias(nn.Module):
    """A learned number for each bucket and head."""

    def __init__(self, num_heads, num_buckets=32, max_distance=128, bidirectional=True):
        super().__init__()
        self.options = num_buckets, max_distance, bidirectional
        self.embedding = nn.Embedding(num_buckets, num_heads)

    def buckets(self, relative):
        return relative_buckets(relative, *self.options)

    def forward(self, query_length, key_length):
        places = torch.arange(key_length)  # (Lk,)
        relative = places - places[key_length - query_length :, None]  # (Lq, Lk): j - i
        return self.embedding(self.buckets(relative)).permute(2, 0, 1)  # (Lq, Lk, H) -> (H, Lq, Lk)


def biased_attention(query, key, value, bias, causal=False):
    scores = query @ key.transpose(-2, -1) + bias  # (B, H, Lq, Lk), not scaled
    if causal:
        queries, keys = scores.shape[-2:]
        future = torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)  # (Lq, Lk)
        scores = scores.masked_fill(future, -1e9)
    return scores.softmax(-1) @ value  # (B, H, Lq, dv)
