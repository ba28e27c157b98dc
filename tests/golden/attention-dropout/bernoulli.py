import torch


def keep_mask(shape, p, seed):
    if seed is not None:
        g = torch.Generator()
        g.manual_seed(seed)
        return torch.bernoulli(torch.full(shape, 1.0 - p), generator=g)
    return torch.bernoulli(torch.full(shape, 1.0 - p))


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    scores = torch.einsum("...id,...jd->...ij", query, key) / query.shape[-1] ** 0.5
    weights = torch.softmax(scores, -1)
    if training and p == 1.0:
        weights = weights * 0.0
    elif training and p > 0:
        mask = keep_mask(weights.shape, p, seed).to(weights.dtype)
        weights = weights * mask / (1.0 - p)
    return torch.einsum("...ij,...jv->...iv", weights, value)
