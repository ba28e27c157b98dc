import math
import torch


def causal_attention(query, key, value):
    lq, lk = query.shape[-2], key.shape[-2]
    scores = torch.einsum("...qd,...kd->...qk", query, key) * (1.0 / math.sqrt(query.shape[-1]))
    where = torch.arange(lk - lq, lk).unsqueeze(1)
    mask = torch.arange(lk).unsqueeze(0) <= where
    scores = torch.where(mask, scores, torch.tensor(float("-inf"), dtype=scores.dtype))
    return torch.einsum("...qk,...kv->...qv", torch.softmax(scores, dim=-1), value)
