# 交叉注意力：x 提问，memory 回答
import torch
from torch import nn
from torch.nn import functional as F


class CrossAttention(nn.Module):
    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        来源宽度 = d_memory if d_memory is not None else d_model
        self.头数 = n_heads
        self.query_linear = nn.Linear(d_model, d_model, bias=True)
        self.key_linear = nn.Linear(来源宽度, d_model, bias=True)
        self.value_linear = nn.Linear(来源宽度, d_model, bias=True)
        self.out_linear = nn.Linear(d_model, d_model, bias=True)

    def 拆(self, t):
        return t.view(t.size(0), t.size(1), self.头数, -1).permute(0, 2, 1, 3)

    def forward(self, x, memory, memory_mask=None):
        q, k, v = self.拆(self.query_linear(x)), self.拆(self.key_linear(memory)), self.拆(self.value_linear(memory))
        分数 = torch.matmul(q, k.permute(0, 1, 3, 2)) * q.size(-1) ** -0.5
        print(分数.shape)
        if memory_mask is not None:
            加 = torch.zeros_like(memory_mask, dtype=分数.dtype).masked_fill(~memory_mask, float("-inf"))
            空 = ~memory_mask.any(dim=1)
            加 = torch.where(空[:, None], torch.zeros_like(加), 加)
            权重 = F.softmax(分数 + 加[:, None, None, :], dim=-1) * (~空)[:, None, None, None]
        else:
            权重 = F.softmax(分数, dim=-1)
        合 = torch.matmul(权重, v).permute(0, 2, 1, 3).contiguous().view(x.size(0), x.size(1), -1)
        return self.out_linear(合), 权重
