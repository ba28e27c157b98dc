import torch


def _join(a, b):
    (ma, la, oa), (mb, lb, ob) = a, b
    m = torch.maximum(ma, mb)
    safe = torch.where(torch.isinf(m), torch.zeros_like(m), m)
    x, y = torch.exp(ma - safe), torch.exp(mb - safe)
    return m, x * la + y * lb, x[..., None] * oa + y[..., None] * ob


def _attend(q, k, v, start, block, limit):
    """Divide and conquer: the keys are halved until they fit into a block."""
    n = k.shape[-2]
    if n > block:
        half = n // 2
        return _join(
            _attend(q, k[..., :half, :], v[..., :half, :], start, block, limit),
            _attend(q, k[..., half:, :], v[..., half:, :], start + half, block, limit),
        )
    s = torch.matmul(q, k.transpose(-1, -2))
    if limit is not None:
        s = s.masked_fill(torch.arange(start, start + n) > limit, float("-inf"))
    m = s.amax(-1)
    safe = torch.where(torch.isinf(m), torch.zeros_like(m), m)
    p = torch.exp(s - safe[..., None])
    return m, p.sum(-1), torch.matmul(p, v)


def blockwise_attention(q, k, v, block=64, causal=False):
    limit = torch.arange(q.shape[-2])[:, None] if causal else None
    m, l, o = _attend(q / q.shape[-1] ** 0.5, k, v, 0, block, limit)
    return o / l[..., None], m + torch.log(l)
