import math
import torch


class 状态:
    """每个查询的最大值、指数之和、加权和。"""

    def __init__(self, 形状, 宽度, 类型):
        self.m = torch.full(形状, -math.inf, dtype=类型)
        self.l = torch.zeros(形状, dtype=类型)
        self.o = torch.zeros((*形状, 宽度), dtype=类型)

    def 加入(self, 分数, 值):
        新 = torch.maximum(self.m, 分数.amax(dim=-1))
        指数 = torch.exp(分数 - 新.unsqueeze(-1))
        比例 = torch.exp(self.m - 新)
        self.l.mul_(比例).add_(指数.sum(dim=-1))
        self.o.mul_(比例.unsqueeze(-1)).add_(指数 @ 值)
        self.m = 新

    def 结果(self):
        return self.o / self.l.unsqueeze(-1), self.m + torch.log(self.l)


def blockwise_attention(q, k, v, block=64, causal=False):
    结果 = []
    for i in range(0, q.shape[-2], block):
        查询 = q[..., i : i + block, :]
        s = 状态(查询.shape[:-1], v.shape[-1], q.dtype)
        for j in range(0, k.shape[-2], block):
            if causal and j > i + block - 1:
                continue  # 整块都在未来
            键, 值 = k[..., j : j + block, :], v[..., j : j + block, :]
            分数 = 查询 @ 键.transpose(-1, -2) / math.sqrt(q.shape[-1])
            if causal:
                行 = i + torch.arange(查询.shape[-2]).reshape(-1, 1)
                列 = j + torch.arange(键.shape[-2]).reshape(1, -1)
                分数 = 分数 + torch.zeros_like(分数).masked_fill_(列 > 行, -math.inf)
            s.加入(分数, 值)
        结果.append(s.结果())
    print("共", len(结果), "块查询")
    return torch.cat([o for o, _ in 结果], dim=-2), torch.cat([lse for _, lse in 结果], dim=-1)
