# 加性掩码：看得到的加 0，看不到的加负无穷
import numpy as np
import torch


def causal_attention(query, key, value):
    行, 列 = query.shape[-2], key.shape[-2]
    掩码 = torch.full((行, 列), float("-inf"), dtype=query.dtype)
    掩码 = torch.triu(掩码, diagonal=列 - 行 + 1)
    分数 = torch.matmul(query / np.sqrt(query.shape[-1]), key.transpose(-1, -2))
    print("分数", 分数.shape)
    分数 = 分数 + 掩码
    分数 = 分数 - 分数.max(dim=-1, keepdim=True).values
    e = torch.exp(分数)
    return torch.matmul(e / e.sum(dim=-1, keepdim=True), value)
