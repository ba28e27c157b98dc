import torch


def masked_attention(query, key, value, lengths=None, causal=False, mask=None):
    """An extra key with a value of zero, in sight for those rows only that would see nothing."""
    b, h, n, d = query.shape
    m = key.shape[-2]
    allowed = torch.ones((b, 1, n, m), dtype=torch.bool)
    if lengths is not None:
        valid = torch.arange(m).repeat(b, 1).lt(lengths.view(-1, 1))
        allowed = allowed.logical_and(valid[:, None, None, :])
        key = torch.where(valid[:, None, :, None], key, 0.0)
        value = torch.where(valid[:, None, :, None], value, 0.0)
    if causal:
        allowed = allowed.logical_and(torch.arange(n)[:, None] >= torch.arange(m)[None, :])
    scores = query.matmul(key.mT).mul(d**-0.5)
    if mask is not None:
        if mask.dtype is torch.bool:
            allowed = allowed.logical_and(mask)
        else:
            allowed = allowed.logical_and(torch.isfinite(mask))
            scores = scores + torch.where(torch.isfinite(mask), mask, 0.0)
    allowed = allowed.expand(b, h, n, m)
    nothing = allowed.logical_not().all(-1, keepdim=True)
    scores = torch.cat([scores, torch.zeros_like(scores[..., :1])], -1)
    allowed = torch.cat([allowed, nothing], -1)
    weights = scores.masked_fill(allowed.logical_not(), float("-inf")).softmax(-1)
    return weights.matmul(torch.cat([value, torch.zeros_like(value[..., :1, :])], -2))
