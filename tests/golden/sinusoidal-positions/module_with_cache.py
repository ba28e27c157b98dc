import torch
from torch import nn


class PositionalEncoding(nn.Module):
    def __init__(self, d_model):
        super().__init__()
        self.d_model = d_model
        self.register_buffer("table", torch.empty(0, d_model, dtype=torch.float64))

    def grow(self, size):
        if size > self.table.shape[0]:
            p = torch.arange(size, dtype=torch.float64)
            t = torch.empty(size, self.d_model, dtype=torch.float64)
            for c in range(self.d_model):
                angle = p * 10000.0 ** (-(c // 2 * 2) / self.d_model)
                t[:, c] = angle.cos() if c % 2 else angle.sin()
            self.table = t
        return self.table

    def forward(self, length, offset):
        return self.grow(offset + length)[offset : offset + length]


_made = {}


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    if d_model not in _made:
        _made[d_model] = PositionalEncoding(d_model)
    return _made[d_model](length, offset).to(dtype, copy=True)


def add_positions(x, offset=0):
    table = sinusoidal_positions(x.size(-2), x.size(-1), offset, torch.float64)
    return (x.double() + table).to(x.dtype)
