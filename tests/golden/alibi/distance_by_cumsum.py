import torch

NEG_INF = float("-inf")


def alibi_slopes(num_heads: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    n = 1 << num_heads.bit_length() - 1
    first = torch.exp2(torch.linspace(-8 / n, -8, n, dtype=torch.float64))
    if n == num_heads:
        return first.to(dtype)
    doubled = torch.exp2(torch.linspace(-4 / n, -8, 2 * n, dtype=torch.float64))
    return torch.cat((first, doubled[::2][: num_heads - n])).to(dtype)


def alibi_bias(num_heads, query_length, key_length, dtype=torch.float32):
    seen = torch.ones(query_length, key_length, dtype=torch.float64).tril(key_length - query_length)
    distance = seen.flip(-1).cumsum(-1).flip(-1) - 1
    bias = -distance * alibi_slopes(num_heads, torch.float64).reshape(num_heads, 1, 1)
    return bias.masked_fill(seen == 0, NEG_INF).to(dtype)


def alibi_attention(query, key, value):
    b, h, lq, d = query.shape
    scores = torch.baddbmm(
        alibi_bias(h, lq, key.size(2), query.dtype).expand(b, -1, -1, -1).flatten(0, 1),
        query.reshape(b * h, lq, d),
        key.reshape(b * h, -1, d).transpose(1, 2),
        alpha=d**-0.5,
    )
    return torch.bmm(scores.softmax(-1), value.reshape(b * h, value.size(2), -1)).view(b, h, lq, -1)
