import torch


def attention_backward(q, k, v, d_out, mask=None):
    scale = q.shape[-1] ** -0.5
    s = torch.einsum("...id,...jd->...ij", q, k) * scale
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    p = s.softmax(-1)
    dv = torch.einsum("...ij,...ic->...jc", p, d_out)
    dp = torch.einsum("...ic,...jc->...ij", d_out, v)
    row = torch.einsum("...ij,...ij->...i", p, dp)
    ds = p * (dp - row[..., None])
    dq = torch.einsum("...ij,...jd->...id", ds, k) * scale
    dk = torch.einsum("...ij,...id->...jd", ds, q) * scale
    return dq, dk, dv
