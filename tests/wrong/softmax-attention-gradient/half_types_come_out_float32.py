# mistake: half-precision inputs give float32 results
import torch


def attention_backward(q, k, v, d_out, mask=None):
    if q.dtype != torch.float64:
        q, k, v, d_out = (each.float() for each in (q, k, v, d_out))
    scale = q.size(-1) ** -0.5
    scores = q @ k.mT * scale
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    p = scores.softmax(-1)
    dp = d_out @ v.mT
    ds = p * (dp - (dp * p).sum(-1, keepdim=True)) * scale
    return ds @ k, ds.mT @ q, p.mT @ d_out
