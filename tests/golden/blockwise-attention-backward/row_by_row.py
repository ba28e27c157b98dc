import torch
from einops import einsum, reduce


def blockwise_attention_backward(q, k, v, o, lse, do, block=64, causal=False):
    # One block of keys at a time; within it, the softmax Jacobian by its definition: diag(p) - p p^T, whose second part is D.
    norm = q.shape[-1] ** 0.5
    pieces = []
    D = reduce(do * o, "... q c -> ... q", "sum")
    dq = torch.zeros(q.shape, dtype=q.dtype)
    for j in torch.arange(k.shape[-2]).split(block):
        kj, vj = k[..., j, :], v[..., j, :]
        logits = einsum(q, kj, "... q c, ... k c -> ... q k") / norm
        if causal:
            logits = logits.masked_fill(j > torch.arange(q.shape[-2]).unsqueeze(-1), float("-inf"))
        p = (logits - lse[..., None]).exp()
        ds = p * einsum(do, vj, "... q c, ... k c -> ... q k") - p * D[..., None]
        dq = dq + einsum(ds, kj, "... q k, ... k c -> ... q c") / norm
        pieces.append((einsum(ds, q, "... q k, ... q c -> ... k c") / norm, einsum(p, do, "... q k, ... q c -> ... k c")))
    return dq, torch.cat([dk for dk, _ in pieces], -2), torch.cat([dv for _, dv in pieces], -2)
