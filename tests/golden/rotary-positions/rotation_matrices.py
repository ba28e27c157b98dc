import torch


def apply_rotary(x, positions, base=10000.0):
    """A matrix (2, 2) for every position and pair."""
    b, h, length, d = x.shape
    omega = torch.pow(torch.tensor(base, dtype=torch.float64), -torch.arange(0, d, 2).double() / d)
    theta = positions.expand(b, length).double()[:, :, None] * omega  # (b, length, d / 2)
    c, s = torch.cos(theta), torch.sin(theta)
    matrix = torch.stack([torch.stack([c, -s], -1), torch.stack([s, c], -1)], -2)  # (b, length, d / 2, 2, 2)
    pairs = x.reshape(b, h, length, d // 2, 2, 1).double()
    return (matrix.unsqueeze(1) @ pairs).reshape(x.shape).to(x.dtype)


def rotary_attention(query, key, value, query_positions, key_positions):
    q, k = apply_rotary(query, query_positions), apply_rotary(key, key_positions)
    return torch.nn.functional.scaled_dot_product_attention(q, k, value)
