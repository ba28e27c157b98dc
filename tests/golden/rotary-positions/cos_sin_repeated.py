import torch


def rotate_every_two(x):
    x1, x2 = x[..., ::2], x[..., 1::2]
    return torch.stack((-x2, x1), dim=-1).flatten(-2)


def cos_sin(positions, dim, base, dtype):
    work = torch.float64 if dtype == torch.float64 else torch.float32
    inv_freq = 1.0 / (base ** (torch.arange(0, dim, 2, dtype=work) / dim))
    freqs = torch.einsum("...l,f->...lf", positions.to(work), inv_freq)
    emb = freqs.repeat_interleave(2, dim=-1)
    if emb.dim() == 3:
        emb = emb.unsqueeze(1)
    return emb.cos().to(dtype), emb.sin().to(dtype)


def apply_rotary(x, positions, base=10000.0):
    cos, sin = cos_sin(positions, x.size(-1), base, x.dtype)
    return x * cos + rotate_every_two(x) * sin


def rotary_attention(query, key, value, query_positions, key_positions):
    q = apply_rotary(query, query_positions)
    k = apply_rotary(key, key_positions)
    attn = torch.einsum("bhqd,bhkd->bhqk", q * q.size(-1) ** -0.5, k)
    return torch.einsum("bhqk,bhkd->bhqd", torch.softmax(attn, dim=-1), value)
