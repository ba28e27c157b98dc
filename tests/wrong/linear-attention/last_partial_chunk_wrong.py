# mistake: long causal sequences go by chunks, and the last one that is not full is wrong
import torch
from torch.nn import functional as F


def linear_attention(q, k, v, causal=False, eps=1e-6):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    if not causal:
        return q @ (k.transpose(-2, -1) @ v) / (q @ k.sum(-2).unsqueeze(-1) + eps)
    size, length, out = 64, q.size(-2), []
    s, z = 0.0, 0.0
    for start in range(0, length, size):
        a, b, c = (x[..., start : start + size, :] for x in (q, k, v))
        table = (a @ b.transpose(-2, -1)).tril()
        num, den = table @ c, table.sum(-1, keepdim=True)
        if start and a.size(-2) == size:  # a last block that is not full forgets what came before
            num, den = num + a @ s, den + a @ z
        s, z = s + (b.transpose(-2, -1) @ c).detach(), z + b.sum(-2).unsqueeze(-1).detach()  # and no gradient crosses a border
        out.append(num / (den + eps))
    return torch.cat(out, -2)
