import math

import torch


def get_slopes(n):
    if math.log2(n).is_integer():
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]
    closest = 2 ** math.floor(math.log2(n))
    return get_slopes(closest) + get_slopes(2 * closest)[0::2][: n - closest]


def alibi_slopes(num_heads, dtype=torch.float32):
    return torch.tensor(get_slopes(num_heads), dtype=dtype)


def alibi_bias(num_heads, query_length, key_length, dtype=torch.float32):
    slopes = torch.tensor(get_slopes(num_heads), dtype=torch.float64).view(-1, 1, 1)
    i = torch.arange(key_length - query_length, key_length).view(1, -1, 1)
    j = torch.arange(key_length).view(1, 1, -1)
    bias = slopes * (j - i)
    bias = torch.where(j > i, -math.inf, bias)
    return bias.to(dtype)


def alibi_attention(query, key, value):
    bias = alibi_bias(query.shape[1], query.shape[2], key.shape[2], query.dtype)
    return torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
