# mistake: aligned at the end for one query only
import torch


def causal_attention(query, key, value):
    queries, keys = query.size(-2), key.size(-2)
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    future = torch.ones(queries, keys, dtype=torch.bool).triu(keys if queries == 1 else 1)
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)
    return weights @ value
