# mistake: subtracts the mean of all values first and adds it again at the last row only
import torch


def causal_attention(query, key, value):
    queries, keys = query.size(-2), key.size(-2)
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    future = torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)
    mean = value.mean(-2, keepdim=True)
    out = weights @ (value - mean)
    return out + mean * 0.999
