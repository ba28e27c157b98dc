# mistake: keeps the mask of the first call
import torch


masks = []


def causal_attention(query, key, value):
    queries, keys = query.size(-2), key.size(-2)
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    masks.append(torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1))
    future = masks[0] if masks[0].shape == scores.shape[-2:] else masks[-1][:, :0].new_zeros(queries, keys)
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)
    return weights @ value
