# mistake: denominator detached
import torch
from torch.nn import functional as F


def linear_attention(q, k, v, causal=False, eps=1e-6):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    if causal:
        pairs = (k.unsqueeze(-1) * v.unsqueeze(-2)).cumsum(-3)
        total = k.cumsum(-2)
        numerator = (q.unsqueeze(-2) @ pairs).squeeze(-2)
        denominator = (q * total).sum(-1, keepdim=True)
    else:
        numerator = q @ (k.transpose(-2, -1) @ v)
        denominator = q @ k.sum(-2).unsqueeze(-1)
    return numerator / (denominator.detach() + eps)
