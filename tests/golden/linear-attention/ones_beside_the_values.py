import torch


def _phi(x: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.elu(x, alpha=1.0).add(1)


def linear_attention(q, k, v, causal=False, eps=1e-6):
    # A column of ones: the denominator is one more output of the same product.
    v = torch.cat([v, torch.ones(*v.shape[:-1], 1, dtype=v.dtype)], dim=-1)
    q, k = _phi(q), _phi(k)
    if causal:
        states = torch.cumsum(k[..., :, :, None] * v[..., :, None, :], dim=-3)
        both = (q[..., :, :, None] * states).sum(dim=-2)
    else:
        both = torch.matmul(q, torch.matmul(k.transpose(-1, -2), v))
    return both[..., :-1] / (both[..., -1:] + eps)
