import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    pairs = -(-d_model // 2)
    omega = torch.pow(10000, -torch.arange(pairs).double() * 2 / d_model)
    angle = torch.outer(torch.arange(offset, offset + length).double(), omega)
    points = torch.polar(torch.ones_like(angle), torch.pi / 2 - angle)  # sin and cos change places
    return torch.view_as_real(points).reshape(length, -1)[:, :d_model].to(dtype)


def add_positions(x, offset=0):
    return x + sinusoidal_positions(x.shape[-2], x.shape[-1], offset, x.dtype)
