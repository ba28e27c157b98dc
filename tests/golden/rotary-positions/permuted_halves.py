"""Turns halves, as many libraries do, after bringing neighbours there."""
import torch


def rotate_half(x):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((-b, a), dim=-1)


def apply_rotary(x, positions, base=10000.0):
    dtype = x.dtype
    x = x.double()
    d = x.shape[-1]
    inv_freq = base ** -(torch.arange(d // 2, dtype=torch.double) * 2 / d)
    angle = positions[..., None].double() * inv_freq
    angle = torch.cat((angle, angle), -1)
    if positions.ndim == 2:
        angle = angle[:, None, :, :]
    y = torch.cat((x[..., 0::2], x[..., 1::2]), -1)
    y = y * angle.cos() + rotate_half(y) * angle.sin()
    return torch.stack(y.chunk(2, -1), -1).reshape(x.shape).to(dtype)


def rotary_attention(query, key, value, query_positions, key_positions):
    query = apply_rotary(query, query_positions)
    key = apply_rotary(key, key_positions)
    weights = (query.matmul(key.mT) / key.shape[-1] ** 0.5).softmax(dim=-1)
    return weights.matmul(value)
