# mistake: the second half of the keys repeats what was drawn for the first
import torch


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5  # (..., Lq, d) @ (..., d, Lk) -> (..., Lq, Lk)
    weights = scores.softmax(-1)  # (..., Lq, Lk)
    if training:
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        dropped = torch.rand(*weights.shape[:-1], (weights.size(-1) + 1) // 2, generator=generator).repeat(*[1] * (weights.dim() - 1), 2)[..., : weights.size(-1)] < p  # (..., Lq, Lk), each by itself; [0, 1) never reaches 1
        weights = weights.masked_fill(dropped, 0.0) / ((1 - p) or 1.0)  # with p = 1 all are zero already
    return weights @ value  # (..., Lq, dv)
