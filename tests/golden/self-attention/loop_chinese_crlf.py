# 自注意力：逐个头计算
import torch
import torch.nn as nn
import torch.nn.functional as F


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError("维度不能被头数整除")
        self.num_heads = num_heads
        self.head_dim = d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        B, L, D = x.shape
        查询 = self.query_linear(x).split(self.head_dim, dim=-1)
        键 = self.key_linear(x).split(self.head_dim, dim=-1)
        值 = self.value_linear(x).split(self.head_dim, dim=-1)
        if mask is not None:
            mask = mask.bool().broadcast_to(B, self.num_heads, L, L)
        结果 = []
        for i, (q, k, v) in enumerate(zip(查询, 键, 值)):
            分数 = torch.bmm(q, k.transpose(1, 2)) / (self.head_dim ** 0.5)
            if mask is not None:
                分数 = 分数.masked_fill(~mask[:, i], float("-inf"))
            权重 = self.drop(F.softmax(分数, dim=-1))
            结果.append(torch.bmm(权重, v))   # 第 i 个头
        return self.out_linear(torch.cat(结果, dim=-1))
