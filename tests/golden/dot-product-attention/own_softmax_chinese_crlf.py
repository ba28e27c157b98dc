# 点积注意力（手写稳定的 softmax）
import torch
from torch import nn


def 稳定的softmax(分数):
    """先减去每行最大值，避免指数溢出。"""
    最大值 = 分数.amax(dim=-1, keepdim=True)
    指数 = (分数 - 最大值).exp()
    return 指数 / 指数.sum(dim=-1, keepdim=True)


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)  # 只在训练时生效

    def forward(self, query, key, value, mask=None):
        scores = query.matmul(key.permute(0, 2, 1))  # (B, Lq, Lk)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))  # 屏蔽
        weights = self.dropout(稳定的softmax(scores))
        return weights.matmul(value), weights
