# 用自己的随机数发生器；种子为空时从全局随机数里抽一个
import torch
from torch import nn


class 丢弃(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, w, seed):
        if not self.training or self.p == 0:
            return w
        发生器 = torch.Generator()
        发生器.manual_seed(torch.randint(0, 2 ** 31, (1,)).item() if seed is None else seed)
        留下 = torch.empty(w.shape).uniform_(generator=发生器) >= self.p
        print("留下", 留下.float().mean().item())
        if self.p == 1:
            return torch.zeros_like(w)
        return torch.where(留下, w, torch.zeros_like(w)) / (1 - self.p)


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    w = torch.softmax(torch.matmul(query, key.transpose(-1, -2)) / query.size(-1) ** 0.5, dim=-1)
    return torch.matmul(丢弃(p).train(training)(w, seed), value)
