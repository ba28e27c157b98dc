"""A softmax that is put together shift by shift, with a running maximum: no band is kept."""
import torch


def sliding_window_attention(query, key, value, window):
    length, d = query.shape[-2:]
    q = query / d**0.5
    top = (q * key).sum(-1, keepdim=True)  # (..., L, 1)
    total, out = torch.ones_like(top), value
    for t in range(1, min(window, length)):
        s = (q[..., t:, :] * key[..., : length - t, :]).sum(-1, keepdim=True)
        s = torch.cat([torch.full_like(top[..., :t, :], float("-inf")), s], dim=-2)
        v = torch.cat([torch.zeros_like(value[..., :t, :]), value[..., : length - t, :]], dim=-2)
        new = torch.maximum(top, s)
        old, now = (top - new).exp(), (s - new).exp()
        total = total * old + now
        out = out * old + v * now
        top = new
    return out / total
