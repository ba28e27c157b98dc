# 加性注意力：逐对计算分数，慢，但是好懂
import torch
from torch import nn


class AdditiveAttention(nn.Module):
    def __init__(self, query_dim, key_dim, hidden_dim):
        super().__init__()
        print("建立加性注意力：", query_dim, key_dim, hidden_dim)
        self.query_proj = nn.Linear(query_dim, hidden_dim, bias=False)
        self.key_proj = nn.Linear(key_dim, hidden_dim, bias=False)
        self.score_proj = nn.Linear(hidden_dim, 1, bias=False)

    def forward(self, query, key, value, mask=None):
        行 = []
        for i in range(query.shape[1]):
            列 = []
            for j in range(key.shape[1]):
                隐藏 = torch.tanh(self.query_proj(query[:, i]) + self.key_proj(key[:, j]))  # (B, dh)
                列.append(self.score_proj(隐藏))  # (B, 1)
            行.append(torch.cat(列, dim=1))
        分数 = torch.stack(行, dim=1)  # (B, Lq, Lk)
        if mask is not None:
            分数 = torch.where(mask, 分数, torch.full_like(分数, float("-inf")))
        权重 = 分数.softmax(-1)
        return torch.bmm(权重, value), 权重
