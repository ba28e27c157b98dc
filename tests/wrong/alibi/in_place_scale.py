# mistake: queries are scaled in place
import torch


def alibi_slopes(num_heads, dtype=torch.float32):
    power = 1 << (num_heads.bit_length() - 1)
    slopes = 2.0 ** (-8 * torch.arange(1, power + 1, dtype=torch.float64) / power)
    between = 2.0 ** (-4 * torch.arange(1, 2 * power + 1, 2, dtype=torch.float64) / power)
    return torch.cat([slopes, between])[:num_heads].to(dtype)


def alibi_bias(num_heads, query_length, key_length, dtype=torch.float32):
    places = torch.arange(key_length)
    distance = places[key_length - query_length :, None] - places
    bias = -alibi_slopes(num_heads, torch.float64)[:, None, None] * distance
    return bias.masked_fill(distance < 0, float("-inf")).to(dtype)


def alibi_attention(query, key, value):
    query /= query.size(-1) ** 0.5
    scores = query @ key.transpose(-2, -1)
    scores = scores + alibi_bias(query.size(1), query.size(2), key.size(2), query.dtype)
    return scores.softmax(-1) @ value
