import torch


def 重算权重(查询, 键, 对数和, 行, 列, 因果):
    """由 lse 直接得到最终的权重。"""
    分数 = torch.matmul(查询, 键.transpose(-1, -2)) / 查询.shape[-1] ** 0.5
    权重 = torch.exp(torch.minimum(分数 - 对数和.unsqueeze(-1), torch.zeros((), dtype=分数.dtype) + 50))
    return 权重 * (列.unsqueeze(0) <= 行.unsqueeze(1)) if 因果 else 权重


def blockwise_attention_backward(q, k, v, o, lse, do, block=64, causal=False):
    缩放 = 1 / q.shape[-1] ** 0.5
    dq, dk, dv = [torch.zeros(x.shape, dtype=x.dtype) for x in (q, k, v)]
    D = (o * do).sum(dim=-1)
    for 行 in torch.arange(q.shape[-2]).split(block):
        for 列 in torch.arange(k.shape[-2]).split(block):
            if causal and 列[0] > 行[-1]:
                continue
            r, c = slice(int(行[0]), int(行[-1]) + 1), slice(int(列[0]), int(列[-1]) + 1)
            p = 重算权重(q[..., r, :], k[..., c, :], lse[..., r], 行, 列, causal)
            dp = torch.matmul(do[..., r, :], v[..., c, :].transpose(-1, -2))
            ds = p * (dp - D[..., r].unsqueeze(-1))
            dv[..., c, :] += torch.matmul(p.transpose(-1, -2), do[..., r, :])
            dk[..., c, :] += 缩放 * torch.matmul(ds.transpose(-1, -2), q[..., r, :])
            dq[..., r, :] += 缩放 * torch.matmul(ds, k[..., c, :])
    print("算完了", dq.shape)
    return dq, dk, dv
