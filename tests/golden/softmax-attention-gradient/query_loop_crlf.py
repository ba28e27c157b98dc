# 一个查询一个查询地算，再加起来
import torch


def attention_backward(q, k, v, d_out, mask=None):
    根号d = q.shape[-1] ** 0.5
    if mask is not None:
        mask = mask.expand(*q.shape[:-1], k.shape[-2])
    dq, dk, dv = [], torch.zeros_like(k), torch.zeros_like(v)
    for i in range(q.shape[-2]):
        qi, gi = q[..., i, :], d_out[..., i, :]
        分数 = (k * qi.unsqueeze(-2)).sum(-1) / 根号d
        if mask is not None:
            分数 = 分数.masked_fill(~mask[..., i, :], float("-inf"))
        p = 分数.softmax(-1)
        dp = (v * gi.unsqueeze(-2)).sum(-1)
        ds = (p * dp - p * (p * dp).sum(-1, keepdim=True)) / 根号d
        dq.append((ds.unsqueeze(-1) * k).sum(-2))
        dk = dk + ds.unsqueeze(-1) * qi.unsqueeze(-2)
        dv = dv + p.unsqueeze(-1) * gi.unsqueeze(-2)
    print("查询的个数", len(dq))
    return torch.stack(dq, dim=-2), dk, dv
