import torch
import torch.nn.functional as F

CHUNK = 32


def linear_attention(q, k, v, causal=False, eps=1e-6):
    """Within a chunk a small table, between chunks one state."""
    q, k = 1 + F.elu(q), 1 + F.elu(k)
    if not causal:
        return (q @ (k.transpose(-2, -1) @ v)) / (q @ k.sum(-2, keepdim=True).transpose(-2, -1) + eps)
    state, total, done = 0.0, 0.0, []
    for start in range(0, q.size(-2), CHUNK):
        qc, kc, vc = (x[..., start : start + CHUNK, :] for x in (q, k, v))
        table = (qc @ kc.transpose(-2, -1)).tril()
        top = table @ vc
        bottom = table.sum(-1, keepdim=True)
        if start:
            top = top + qc @ state
            bottom = bottom + qc @ total
        done.append(top / (bottom + eps))
        state = state + kc.transpose(-2, -1) @ vc
        total = total + kc.sum(-2).unsqueeze(-1)
    return torch.cat(done, -2)
