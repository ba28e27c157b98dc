import math

import torch


def apply_rotary(x, positions, base=10000.0):
    d = x.size(3)
    kind = x.dtype if x.dtype == torch.float64 else torch.float32
    where = positions.to(kind)
    where = where[:, None, :] if where.dim() == 2 else where
    columns = []
    for i in range(0, d, 2):
        angle = where * math.exp(-i / d * math.log(base))
        cos, sin = torch.cos(angle), torch.sin(angle)
        columns.append(x[:, :, :, i] * cos - x[:, :, :, i + 1] * sin)
        columns.append(x[:, :, :, i] * sin + x[:, :, :, i + 1] * cos)
    return torch.stack(columns, dim=-1).to(x.dtype)


def rotary_attention(query, key, value, query_positions, key_positions):
    q, k = apply_rotary(query, query_positions), apply_rotary(key, key_positions)
    heads = []
    for h in range(q.size(1)):
        s = torch.bmm(q[:, h], k[:, h].transpose(1, 2)) / math.sqrt(q.size(-1))
        heads.append(torch.bmm(s.softmax(2), value[:, h]))
    return torch.stack(heads, 1)
