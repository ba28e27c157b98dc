# 缩放点积注意力
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        d = query.size(-1)                       # 最后一维
        分数 = query @ key.transpose(-1, -2)      # (..., Lq, Lk)
        分数 = 分数 / d ** 0.5                    # 缩放
        if mask is not None:
            分数 = 分数.masked_fill(mask == 0, float("-inf"))
        分数 = 分数 - 分数.max(dim=-1, keepdim=True).values   # 数值稳定
        e = torch.exp(分数)
        权重 = e / e.sum(-1, keepdim=True)
        权重 = self.dropout(权重)
        print("权重的形状", 权重.shape)
        return 权重 @ value, 权重
