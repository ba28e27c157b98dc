import torch


def causal_attention(query, key, value):
    """One query after the other, each with the keys it may see and no mask at all."""
    first = key.size(-2) - query.size(-2)
    rows = []
    for i in range(query.size(-2)):
        q = query[..., i : i + 1, :]
        k = key[..., : first + i + 1, :]
        v = value[..., : first + i + 1, :]
        w = torch.softmax((q @ k.mT) / q.size(-1) ** 0.5, dim=-1)
        rows.append(w @ v)
    return torch.cat(rows, dim=-2)
