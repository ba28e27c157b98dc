import torch
from torch import einsum, nn


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    n = relative if not bidirectional else relative.abs().neg()
    n = n.clamp(max=0).neg()
    half = num_buckets // 2 if bidirectional else num_buckets
    exact = half // 2
    # how many of the edges of the logarithmic buckets have been reached
    bounds = [exact * (max_distance / exact) ** (t / (half - exact)) for t in range(half - exact)]
    bucket = n.clamp(max=exact - 1)
    for bound in bounds:
        bucket = bucket + (n >= bound - 1e-9).long()
    return bucket + (relative > 0).long() * (half if bidirectional else 0)


class RelativePositionBias(nn.Module):
    def __init__(self, num_heads, num_buckets=32, max_distance=128, bidirectional=True):
        super().__init__()
        self.embedding = nn.Embedding(num_buckets, num_heads)
        self.settings = (num_buckets, max_distance, bidirectional)

    def forward(self, query_length, key_length):
        k = torch.arange(key_length)
        rel = k.view(1, -1) - k[-query_length:].view(-1, 1)
        hot = nn.functional.one_hot(relative_buckets(rel, *self.settings), self.settings[0])
        return einsum("qkn,nh->hqk", hot.to(self.embedding.weight.dtype), self.embedding.weight)


def biased_attention(query, key, value, bias, causal=False):
    sim = einsum("b h i d, b h j d -> b h i j", query, key) + bias
    if causal:
        i, j = sim.shape[-2:]
        sim = sim.masked_fill(torch.ones((i, j), dtype=torch.bool).triu(j - i + 1), -torch.finfo(sim.dtype).max)
    attn = (sim - sim.amax(dim=-1, keepdim=True).detach()).softmax(dim=-1)
    return einsum("b h i j, b h j d -> b h i d", attn, value)
