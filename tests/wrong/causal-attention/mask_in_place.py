# mistake: scales the query in place
import torch


def causal_attention(query, key, value):
    queries, keys = query.size(-2), key.size(-2)
    query.data.div_(query.size(-1) ** 0.5)
    scores = query @ key.transpose(-2, -1)
    future = torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)
    return weights @ value
