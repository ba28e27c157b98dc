# mistake: of four axes, axis 1 is taken for the positions
import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    p = torch.arange(offset, offset + length, dtype=torch.float64)
    w = 10000.0 ** (-torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)
    a = p[:, None] * w
    return torch.stack([a.sin(), a.cos()], -1).flatten(1)[:, :d_model].to(dtype)


def add_positions(x, offset=0):
    if x.dim() == 4:
        return x + sinusoidal_positions(x.size(1), x.size(3), offset, x.dtype)[:, None]
    return x + sinusoidal_positions(x.size(-2), x.size(-1), offset, x.dtype)
