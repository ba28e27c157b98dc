import torch
from torch.nn import functional as F

CHUNK = 64


def sliding_window_attention(query, key, value, window):
    """Chunks of queries beside the keys that any of them sees."""
    n = query.size(-2)
    outputs = []
    for start in range(0, n, CHUNK):
        stop = min(start + CHUNK, n)
        first = max(0, start - window + 1)
        i = torch.arange(start, stop)[:, None]
        j = torch.arange(first, stop)[None, :]
        mask = (j <= i) & (i - j < window)
        outputs.append(
            F.scaled_dot_product_attention(
                query[..., start:stop, :], key[..., first:stop, :], value[..., first:stop, :], attn_mask=mask
            )
        )
    return torch.cat(outputs, -2)
