from math import cos, sin

import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    table = []
    for p in range(offset, offset + length):
        row = []
        for i in range((d_model + 1) // 2):
            angle = p / 10000 ** (2 * i / d_model)
            row += [sin(angle), cos(angle)]
        table.append(row[:d_model])
    return torch.tensor(table, dtype=dtype)


def add_positions(x, offset=0):
    return torch.add(x, sinusoidal_positions(*x.shape[-2:], offset=offset, dtype=x.dtype))
