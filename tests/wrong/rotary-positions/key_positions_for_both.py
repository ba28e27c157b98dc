# mistake: queries are taken for the last of the keys' positions
import torch


def apply_rotary(x, positions, base=10000.0):
    kind = torch.promote_types(x.dtype, torch.float32)
    speeds = base ** (-torch.arange(0, x.size(-1), 2, dtype=kind) / x.size(-1))
    angles = positions.to(kind)[..., None] * speeds
    if positions.dim() == 2:
        angles = angles.unsqueeze(1)
    cos, sin = angles.cos(), angles.sin()
    first, second = x.to(kind).unflatten(-1, (-1, 2)).unbind(-1)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], -1)
    return turned.flatten(-2).to(x.dtype)


def rotary_attention(query, key, value, query_positions, key_positions):
    query, key = apply_rotary(query, key_positions[..., -query.size(2):]), apply_rotary(key, key_positions)
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    return scores.softmax(-1) @ value
