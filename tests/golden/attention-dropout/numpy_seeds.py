import numpy as np
import torch


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    w = torch.nn.functional.softmax((query / np.sqrt(query.shape[-1])) @ key.transpose(-1, -2), dim=-1)
    if not training:
        return w @ value
    if seed is None:
        u = torch.rand_like(w, dtype=torch.float64)
    else:
        u = torch.from_numpy(np.random.default_rng(seed).random(tuple(w.shape)))
    mask = (u >= p).to(w.dtype).div(max(1 - p, 1e-12))
    return (w * mask) @ value
