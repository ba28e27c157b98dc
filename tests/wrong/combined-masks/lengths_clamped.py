# mistake: a length of 0 is treated as 1, so garbage in the padding comes in
import torch


def masked_attention(query, key, value, lengths=None, causal=False, mask=None):
    none = None
    if lengths is not None:
        none = (lengths == 0)[:, None, None, None]
        lengths = lengths.clamp(min=1)
    seen = torch.ones(query.size(-2), key.size(-2), dtype=torch.bool)
    if causal:
        seen = seen.tril()
    if lengths is not None:
        real = torch.arange(key.size(-2)) < lengths[:, None]
        seen = seen & real[:, None, None]
        key, value = (each.masked_fill(~real[:, None, :, None], 0.0) for each in (key, value))
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    if mask is not None and mask.dtype == torch.bool:
        seen = seen & mask
    elif mask is not None:
        scores, seen = scores + mask, seen & (mask > float("-inf"))
    empty = ~seen.any(-1, keepdim=True)
    weights = scores.masked_fill(~seen, float("-inf")).masked_fill(empty, 0.0).softmax(-1)
    out = weights.masked_fill(empty, 0.0) @ value
    return out if none is None else out.masked_fill(none, 0.0)
