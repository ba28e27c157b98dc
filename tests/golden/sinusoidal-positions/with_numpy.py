import numpy as np
import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    pos = np.arange(offset, offset + length)[:, np.newaxis]
    i = np.arange(d_model)[np.newaxis, :]
    angle_rads = pos / np.power(10000, (2 * (i // 2)) / np.float64(d_model))
    angle_rads[:, 0::2] = np.sin(angle_rads[:, 0::2])
    angle_rads[:, 1::2] = np.cos(angle_rads[:, 1::2])
    return torch.from_numpy(angle_rads).to(dtype)


def add_positions(x, offset=0):
    return x + sinusoidal_positions(x.shape[-2], x.shape[-1], offset, x.dtype)
