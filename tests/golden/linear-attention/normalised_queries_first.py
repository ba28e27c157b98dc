import torch
from torch.nn.functional import elu


def linear_attention(q, k, v, causal=False, eps=1e-6):
    """The normaliser goes into the queries, before they meet the values."""
    q, k = elu(q) + 1, elu(k) + 1
    sums = k.cumsum(-2) if causal else k.sum(-2, keepdim=True)
    q = q / ((q * sums).sum(-1, keepdim=True) + eps)
    if not causal:
        return q @ torch.tensordot(k, v, dims=([0], [0])) if k.dim() == 2 else q @ (k.mT @ v)
    columns = []
    for c in range(v.size(-1)):  # one column of values at a time: no (L, d, dv) tensor
        columns.append((q * (k * v[..., c : c + 1]).cumsum(-2)).sum(-1))
    return torch.stack(columns, -1)
