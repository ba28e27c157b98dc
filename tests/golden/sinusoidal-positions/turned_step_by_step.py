"""Each row is the one before, turned by one position."""
import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    speed = 10000 ** (-torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)
    s, c = (offset * speed).sin(), (offset * speed).cos()
    step_s, step_c = speed.sin(), speed.cos()
    rows = []
    for _ in range(length):
        rows.append(torch.stack((s, c), dim=1).view(-1)[:d_model])
        s, c = s * step_c + c * step_s, c * step_c - s * step_s
    return torch.stack(rows).to(dtype)


def add_positions(x, offset=0):
    return x + sinusoidal_positions(x.shape[-2], x.shape[-1], offset, x.dtype)
