# mistake: masked scores are -1e9, which float16 cannot hold
import torch


def grouped_query_attention(query, key, value, mask=None):
    """Attention whose query heads share keys and values, neighbours together (Ainslie et al. 2023, section 2.2)."""
    heads, groups = query.size(1), key.size(1)
    if heads % groups:
        raise ValueError(f"{heads} query heads cannot share {groups} sets of keys and values evenly")
    q = query.unflatten(1, (groups, heads // groups))  # (B, G, H/G, Lq, d)
    k, v = key.unsqueeze(2), value.unsqueeze(2)  # (B, G, 1, Lk, d), (B, G, 1, Lk, dv)
    scores = (q @ k.transpose(-2, -1) / query.size(-1) ** 0.5).flatten(1, 2)  # (B, H, Lq, Lk)
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    weights = scores.softmax(dim=-1).unflatten(1, (groups, heads // groups))  # (B, G, H/G, Lq, Lk)
    return (weights @ v).flatten(1, 2)  # (B, H, Lq, dv)
