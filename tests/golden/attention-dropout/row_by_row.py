import torch


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    """Queries one after the other, all from one stream of random numbers."""
    g = torch.default_generator if seed is None else torch.Generator().manual_seed(seed)
    factor = 1.0 / (1.0 - p) if p < 1 else 0.0
    out = []
    for i in range(query.size(-2)):
        w = torch.softmax((query[..., i : i + 1, :] * key).sum(-1) / query.size(-1) ** 0.5, -1)
        if training:
            keep = torch.rand(w.shape, generator=g) >= p
            w = w * keep * factor
        out.append((w.unsqueeze(-1) * value).sum(-2))
    return torch.stack(out, dim=-2)
