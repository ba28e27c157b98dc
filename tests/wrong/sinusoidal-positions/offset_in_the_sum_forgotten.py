# mistake: the sum does not hand its offset on
import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    p = torch.arange(offset, offset + length, dtype=torch.float64)
    w = 10000.0 ** (-torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)
    a = p[:, None] * w
    return torch.stack([a.sin(), a.cos()], -1).flatten(1)[:, :d_model].to(dtype)


def add_positions(x, offset=0):
    return x + sinusoidal_positions(x.shape[-2], x.shape[-1], dtype=x.dtype)
