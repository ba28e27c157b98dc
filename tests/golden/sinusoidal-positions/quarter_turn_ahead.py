import torch

QUARTER = torch.pi / 2


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    column = torch.arange(d_model)
    exponent = torch.div(column, 2, rounding_mode="floor").mul(2).double() / d_model
    place = torch.arange(length, dtype=torch.float64).add(offset)
    return torch.sin(place.view(-1, 1) / 10000**exponent + QUARTER * (column & 1).double()).to(dtype)


def add_positions(x, offset=0):
    return x + sinusoidal_positions(x.shape[-2], x.shape[-1], offset, x.dtype)
