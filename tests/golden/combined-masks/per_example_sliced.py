"""No padding mask at all: every example with its real keys only."""
import torch


def masked_attention(query, key, value, lengths=None, causal=False, mask=None):
    B, H, Lq, d = query.shape
    Lk = key.shape[2]
    if mask is not None:
        mask = mask.expand(B, H, Lq, Lk)
    outs = []
    for b in range(B):
        n = Lk if lengths is None else int(lengths[b])
        q, k, v = query[b], key[b, :, :n], value[b, :, :n]
        if n == 0:
            outs.append(query.new_zeros(H, Lq, value.shape[-1]))
            continue
        s = torch.einsum("hid,hjd->hij", q, k) / d**0.5
        ok = torch.ones(H, Lq, n, dtype=torch.bool)
        if causal:
            ok &= torch.arange(n)[None, :] <= torch.arange(Lq)[:, None]
        if mask is not None:
            m = mask[b, :, :, :n]
            if m.dtype == torch.bool:
                ok &= m
            else:
                ok &= m != float("-inf")
                s = s + m
        s = torch.where(ok, s, torch.full_like(s, float("-inf")))
        m = s.detach().amax(-1, keepdim=True)
        m = torch.where(torch.isinf(m), torch.zeros_like(m), m)
        e = torch.exp(s - m)
        z = e.sum(-1, keepdim=True)
        w = e / torch.where(z == 0, torch.ones_like(z), z)
        outs.append(torch.einsum("hij,hjd->hid", w, v))
    return torch.stack(outs)
