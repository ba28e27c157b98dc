"""In the attention only +m·j: what is constant along a row does not change a softmax."""
import torch


def alibi_slopes(num_heads, dtype=torch.float32):
    n = 1
    while n * 2 <= num_heads:
        n *= 2
    powers = [8 * (h + 1) / n for h in range(n)] + [4 * (2 * h + 1) / n for h in range(num_heads - n)]
    return torch.tensor([0.5**p for p in powers], dtype=dtype)


def alibi_bias(num_heads, query_length, key_length, dtype=torch.float32):
    m = alibi_slopes(num_heads, torch.double)
    q = torch.arange(query_length)[:, None] + (key_length - query_length)
    k = torch.arange(key_length)[None]
    rel = (k - q).double()
    rel[rel > 0] = float("-inf")
    return torch.einsum("h,qk->hqk", m, rel).to(dtype)


def alibi_attention(query, key, value):
    h, lq, lk = query.size(1), query.size(2), key.size(2)
    m = alibi_slopes(h, query.dtype).view(1, h, 1, 1)
    scores = torch.einsum("bhqd,bhkd->bhqk", query, key) * query.size(-1) ** -0.5
    scores = scores + m * torch.arange(1 - lk, 1, dtype=query.dtype)
    future = torch.ones(lq, lk, dtype=torch.bool).triu(lk - lq + 1)
    return torch.einsum("bhqk,bhkd->bhqd", scores.masked_fill(future, float("-inf")).softmax(-1), value)
