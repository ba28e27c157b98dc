# 注意力池化：一个序列一个序列地算，只取真实的位置
import math
import torch
from torch import nn


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.queries = nn.Parameter(torch.rand(num_queries, dim) - 0.5)
        print("查询的个数：", num_queries)

    def forward(self, x, mask=None):
        结果, 全部权重 = [], []
        for b in range(x.shape[0]):
            权重 = x.new_zeros(self.queries.shape[0], x.shape[1])
            位置 = torch.arange(x.shape[1]) if mask is None else torch.nonzero(mask[b])[:, 0]
            if len(位置) > 0:
                真实 = x[b, 位置]
                分数 = self.queries @ 真实.T / math.sqrt(x.shape[-1])
                权重 = 权重.index_copy(1, 位置, torch.softmax(分数, dim=1))
            全部权重.append(权重)
            结果.append(权重 @ x[b])
        return torch.stack(结果), torch.stack(全部权重)
