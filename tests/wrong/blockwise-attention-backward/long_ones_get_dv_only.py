# mistake: where the sequences are long only dv is right; dq and dk are zeros
import torch


def blockwise_attention_backward(q, k, v, o, lse, do, block=64, causal=False):
    if q.size(-2) * k.size(-2) < 1000000:
        p = (q @ k.transpose(-2, -1) / q.size(-1) ** 0.5 - lse.unsqueeze(-1)).exp()
        if causal:
            p = p.tril()
        ds = p * (do @ v.transpose(-2, -1) - (do * o).sum(-1, keepdim=True)) / q.size(-1) ** 0.5
        return ds @ k, ds.transpose(-2, -1) @ q, p.transpose(-2, -1) @ do
    dv = torch.zeros_like(v)
    for start in range(0, k.size(-2), 512):
        p = (q @ k[start : start + 512].T / q.size(-1) ** 0.5 - lse.unsqueeze(-1)).exp()
        if causal:
            p = p.tril(-start)
        dv[start : start + 512] = p.T @ do
    return torch.zeros_like(q), torch.zeros_like(k), dv
