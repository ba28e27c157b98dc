"""Keys one by one, with a running maximum; the future is never looked at."""
import torch


def causal_attention(query, key, value):
    lq, lk, d = query.size(-2), key.size(-2), query.size(-1)
    query = query * d**-0.5
    shape = query.shape[:-1]
    top = query.new_full(shape, float("-inf"))  # (..., Lq)
    total = query.new_zeros(shape)
    out = query.new_zeros(*shape, value.size(-1))
    for j in range(lk):
        start = max(0, j - (lk - lq))  # the first query that sees key j
        s = (query * key[..., j : j + 1, :]).sum(-1)
        s = torch.cat([torch.full_like(s[..., :start], float("-inf")), s[..., start:]], -1)
        new = torch.maximum(top, s)
        base = torch.where(new == float("-inf"), torch.zeros_like(new), new)
        old = (top - base).exp()
        now = (s - base).exp()
        total = total * old + now
        out = out * old[..., None] + now[..., None] * value[..., j : j + 1, :]
        top = new
    return out / total[..., None]
