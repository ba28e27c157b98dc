import torch
from torch import Tensor


def blockwise_attention_backward(
    q: Tensor, k: Tensor, v: Tensor, o: Tensor, lse: Tensor, do: Tensor, block: int = 64, causal: bool = False
) -> tuple[Tensor, Tensor, Tensor]:
    shapes = q.shape, k.shape, v.shape
    q, k, v, o, do = (x.reshape(-1, x.shape[-2], x.shape[-1]) for x in (q, k, v, o, do))
    lse = lse.reshape(-1, lse.shape[-1], 1)
    sm_scale = q.shape[2] ** -0.5
    delta = torch.sum(o * do, dim=2, keepdim=True)
    dq = q.new_zeros(q.shape)
    dk = k.new_zeros(k.shape)
    dv = v.new_zeros(v.shape)
    for n in range(0, k.shape[1], block):
        kn, vn = k[:, n : n + block], v[:, n : n + block]
        offs_n = n + torch.arange(kn.shape[1])
        for m in range(0, q.shape[1], block):
            qm = q[:, m : m + block]
            dom = do[:, m : m + block]
            offs_m = m + torch.arange(qm.shape[1])
            qk = torch.bmm(qm, kn.transpose(1, 2)) * sm_scale
            if causal:
                qk = torch.where(offs_m[:, None] >= offs_n[None, :], qk, float("-inf"))
            p = torch.exp(qk - lse[:, m : m + block])
            dv[:, n : n + block] = torch.baddbmm(dv[:, n : n + block], p.transpose(1, 2), dom)
            dp = torch.bmm(dom, vn.transpose(1, 2)) - delta[:, m : m + block]
            ds = p * dp * sm_scale
            dk[:, n : n + block] = torch.baddbmm(dk[:, n : n + block], ds.transpose(1, 2), qm)
            dq[:, m : m + block] = torch.baddbmm(dq[:, m : m + block], ds, kn)
    return dq.reshape(shapes[0]), dk.reshape(shapes[1]), dv.reshape(shapes[2])
