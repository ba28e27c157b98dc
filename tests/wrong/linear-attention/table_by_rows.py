# mistake: table by rows
import torch
from torch.nn import functional as F


def linear_attention(q, k, v, causal=False, eps=1e-6):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    done = []
    for start in range(0, q.size(-2), 128):
        table = q[..., start : start + 128, :] @ k.transpose(-2, -1)
        if causal:
            table = table.tril(start)
        done.append(table @ v / (table.sum(-1, keepdim=True) + eps))
    return torch.cat(done, -2)
    if causal:
        pairs = (k.unsqueeze(-1) * v.unsqueeze(-2)).cumsum(-3)
        total = k.cumsum(-2)
        numerator = (q.unsqueeze(-2) @ pairs).squeeze(-2)
        denominator = (q * total).sum(-1, keepdim=True)
    else:
        numerator = q @ (k.transpose(-2, -1) @ v)
        denominator = q @ k.sum(-2).unsqueeze(-1)
    return numerator / (denominator + eps)
