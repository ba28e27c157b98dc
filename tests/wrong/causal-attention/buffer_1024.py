# mistake: the mask is cut from a table for 1024 positions, and longer sequences do not fit
import torch
TRI = torch.ones(1024, 1024, dtype=torch.bool).tril()


def causal_attention(query, key, value):
    queries, keys = query.size(-2), key.size(-2)
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5  # (..., Lq, d) @ (..., d, Lk) -> (..., Lq, Lk)
    future = ~TRI[keys - queries : keys, :keys]  # (Lq, Lk)
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)  # (..., Lq, Lk), each row sees its own key at least
    return weights @ value  # (..., Lq, dv)
