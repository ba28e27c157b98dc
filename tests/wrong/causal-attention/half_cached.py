# mistake: with fewer queries than keys, everything is in sight
import torch


def causal_attention(query, key, value):
    queries, keys = query.size(-2), key.size(-2)
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    future = torch.ones(queries, keys, dtype=torch.bool).triu(1 if keys == queries else keys)
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)
    return weights @ value
