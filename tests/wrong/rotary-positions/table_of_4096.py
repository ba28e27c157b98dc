# mistake: angles come from a table for 4096 positions, and later ones are not in it
import torch


def apply_rotary(x, positions, base=10000.0):
    """Turn pairs of neighbouring columns by angles that grow with the position (Su et al. 2021, section 3.4)."""
    kind = torch.promote_types(x.dtype, torch.float32)
    speeds = base ** (-torch.arange(0, x.size(-1), 2, dtype=kind) / x.size(-1))  # (d / 2,)
    angles = (torch.arange(4096, dtype=kind)[:, None] * speeds)[positions]  # (L, d / 2) or (B, L, d / 2)
    if positions.dim() == 2:
        angles = angles.unsqueeze(1)  # (B, 1, L, d / 2)
    cos, sin = angles.cos(), angles.sin()
    first, second = x.to(kind).unflatten(-1, (-1, 2)).unbind(-1)  # (B, H, L, d / 2) each
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], -1)  # (B, H, L, d / 2, 2)
    return turned.flatten(-2).to(x.dtype)  # (B, H, L, d)


def rotary_attention(query, key, value, query_positions, key_positions):
    query, key = apply_rotary(query, query_positions), apply_rotary(key, key_positions)
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5  # (B, H, Lq, Lk)
    return scores.softmax(-1) @ value  # (B, H, Lq, dv)
