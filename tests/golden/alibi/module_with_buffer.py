import math

import torch
from torch import nn


class Alibi(nn.Module):
    def __init__(self, heads):
        super().__init__()
        n = 2 ** int(math.log2(heads))
        slopes = [2 ** (-8 * i / n) for i in range(1, n + 1)]
        extra = [2 ** (-8 * i / (2 * n)) for i in range(1, 2 * n + 1)][0::2]
        self.register_buffer("m", torch.tensor((slopes + extra)[:heads], dtype=torch.float64))

    def forward(self, lq, lk):
        offset = torch.arange(lk)[None, :] - torch.arange(lk - lq, lk)[:, None]
        mask = torch.zeros(lq, lk, dtype=torch.float64).masked_fill_(offset > 0, -math.inf)
        return self.m[:, None, None] * offset.clamp(max=0) + mask


def alibi_slopes(num_heads, dtype=torch.float32):
    return Alibi(num_heads).m.to(dtype)


def alibi_bias(num_heads, query_length, key_length, dtype=torch.float32):
    return Alibi(num_heads)(query_length, key_length).to(dtype)


def alibi_attention(query, key, value):
    scale = 1 / math.sqrt(query.shape[-1])
    scores = torch.matmul(query * scale, key.transpose(-1, -2))
    scores = scores + Alibi(query.shape[1])(query.shape[2], key.shape[2]).to(scores)
    scores = scores - scores.max(dim=-1, keepdim=True).values
    weights = scores.exp()
    return torch.matmul(weights / weights.sum(-1, keepdim=True), value)
