import torch


def grouped_query_attention(query, key, value, mask=None):
    if query.shape[1] // key.shape[1] * key.shape[1] != query.shape[1]:
        raise ValueError("cannot be shared")
    which = torch.arange(query.shape[1]) // (query.shape[1] // key.shape[1])  # [0, 0, 1, 1, ...]
    scores = torch.einsum("bhqd,bhkd->bhqk", query, key.index_select(1, which)).div(query.shape[-1] ** 0.5)
    if mask is not None:
        scores = scores + torch.zeros(mask.shape, dtype=scores.dtype).masked_fill(~mask, float("-inf"))
    weights = (scores - torch.logsumexp(scores, -1, keepdim=True)).exp()
    return torch.einsum("bhqk,bhkd->bhqd", weights, value[:, which])
