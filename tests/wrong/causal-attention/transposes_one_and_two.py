# mistake: swaps axes 1 and 2 instead of the last two
import torch


def causal_attention(query, key, value):
    queries, keys = query.size(-2), key.size(-2)
    scores = query @ (key.transpose(1, 2) if key.dim() > 2 else key.t()) / query.size(-1) ** 0.5
    future = torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)
    return weights @ value
