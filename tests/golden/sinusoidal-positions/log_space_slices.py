import math

import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    pe = torch.zeros(length, d_model, dtype=torch.double)
    position = torch.arange(offset, offset + length, dtype=torch.double).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, d_model, 2).double() * (-math.log(10000.0) / d_model))
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term[: d_model // 2])
    return pe.to(dtype)


def add_positions(x, offset=0):
    return x + sinusoidal_positions(x.shape[-2], x.shape[-1], offset, x.dtype)
