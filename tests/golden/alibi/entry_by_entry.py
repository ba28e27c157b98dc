import torch


def alibi_slopes(num_heads, dtype=torch.float32):
    slopes = []
    n = 2 ** (len(bin(num_heads)) - 3)
    for k in range(1, n + 1):
        slopes.append(2.0 ** (-8.0 * k / n))
    k = 1
    while len(slopes) < num_heads:
        slopes.append(2.0 ** (-8.0 * k / (2 * n)))
        k += 2
    return torch.tensor(slopes).to(dtype) if dtype != torch.float64 else torch.tensor(slopes, dtype=torch.float64)


def alibi_bias(num_heads, query_length, key_length, dtype=torch.float32):
    slopes = alibi_slopes(num_heads, torch.float64).tolist()
    bias = torch.full((num_heads, query_length, key_length), float("-inf"), dtype=dtype)
    for h in range(num_heads):
        for r in range(query_length):
            i = r + key_length - query_length
            bias[h, r, : i + 1] = torch.tensor([-slopes[h] * (i - j) for j in range(i + 1)], dtype=torch.float64).to(dtype)
    return bias


def alibi_attention(query, key, value):
    bias = alibi_bias(query.size(1), query.size(2), key.size(2), dtype=query.dtype)
    rows = []
    for r in range(query.size(2)):
        s = (query[:, :, r : r + 1] * key).sum(-1) / query.size(3) ** 0.5 + bias[:, r]  # (B, H, Lk)
        w = torch.softmax(s, dim=-1)
        rows.append((w.unsqueeze(-1) * value).sum(-2))
    return torch.stack(rows, dim=2)
