import torch


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    freqs = 1.0 / (base ** (torch.arange(0, d, 2).double() / d))
    angles = positions.double().unsqueeze(-1) * freqs
    freqs_cis = torch.polar(torch.ones_like(angles), angles)
    if freqs_cis.ndim == 3:
        freqs_cis = freqs_cis[:, None]
    x_ = torch.view_as_complex(x.double().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(x_ * freqs_cis).flatten(3).type_as(x)


def rotary_attention(query, key, value, query_positions, key_positions):
    q, k = apply_rotary(query, query_positions), apply_rotary(key, key_positions)
    return torch.nn.functional.scaled_dot_product_attention(q, k, value)
