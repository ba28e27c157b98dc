import torch
from torch import nn


class Rotary(nn.Module):
    def __init__(self, dim, base):
        super().__init__()
        self.dim, self.base = dim, base
        self.register_buffer("angles", torch.zeros(0, dim // 2, dtype=torch.float64), persistent=False)

    def forward(self, x, positions):
        most = int(positions.max()) + 1
        if self.angles.size(0) < most:
            inv = 1 / self.base ** (torch.arange(0, self.dim, 2, dtype=torch.float64) / self.dim)
            self.angles = torch.outer(torch.arange(most, dtype=torch.float64), inv)
        at = self.angles[positions]  # (L, d / 2) or (B, L, d / 2)
        at = at.unsqueeze(-3)  # the heads
        cos, sin = at.cos().to(x.dtype), at.sin().to(x.dtype)
        out = torch.empty(x.shape, dtype=x.dtype)
        out[..., 0::2] = x[..., 0::2] * cos - x[..., 1::2] * sin
        out[..., 1::2] = x[..., 0::2] * sin + x[..., 1::2] * cos
        return out


modules = {}


def apply_rotary(x, positions, base=10000.0):
    key = (x.size(-1), base)
    if key not in modules:
        modules[key] = Rotary(*key)
    return modules[key](x, positions)


def rotary_attention(query, key, value, query_positions, key_positions):
    q, k = apply_rotary(query, query_positions), apply_rotary(key, key_positions)
    return torch.nn.functional.scaled_dot_product_attention(q, k, value)
