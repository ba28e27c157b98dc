import torch
import torch.nn.functional as F


def sliding_window_attention(query, key, value, window):
    rows = []
    for i in range(query.shape[-2]):
        lo = max(0, i - window + 1)
        q = query[..., i : i + 1, :]
        k, v = key[..., lo : i + 1, :], value[..., lo : i + 1, :]
        rows.append(F.scaled_dot_product_attention(q, k, v))
    return torch.cat(rows, dim=-2)
