import math

import torch
from torch import nn


def bucket_of(r, num_buckets, max_distance, bidirectional):
    start = 0
    if bidirectional:
        num_buckets //= 2
        if r > 0:
            start = num_buckets
        n = abs(r)
    else:
        n = -r if r < 0 else 0
    e = num_buckets // 2
    if n < e:
        return start + n
    b = e + int((num_buckets - e) * math.log(n / e) / math.log(max_distance / e))
    return start + min(b, num_buckets - 1)


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    numbers = [bucket_of(r, num_buckets, max_distance, bidirectional) for r in relative.flatten().tolist()]
    return torch.tensor(numbers, dtype=torch.int64).reshape(relative.shape)


class RelativePositionBias(nn.Module):
    def __init__(self, num_heads, *args, **kwargs):
        super().__init__()
        buckets = kwargs.get("num_buckets", args[0] if args else 32)
        self.args, self.kwargs = args, kwargs
        self.embedding = nn.Embedding(buckets, num_heads)

    def forward(self, query_length, key_length):
        rows = []
        for r in range(query_length):
            i = r + key_length - query_length
            rows.append(self.embedding(relative_buckets(torch.arange(key_length) - i, *self.args, **self.kwargs)))
        return torch.stack(rows).permute(2, 0, 1)


def biased_attention(query, key, value, bias, causal=False):
    heads = []
    for h in range(query.size(1)):
        s = query[:, h] @ key[:, h].mT + bias[h]
        if causal:
            s = s.masked_fill(torch.ones_like(s[0], dtype=torch.bool).triu(1 + s.size(-1) - s.size(-2)), -math.inf)
        heads.append(s.softmax(-1) @ value[:, h])
    return torch.stack(heads, 1)
