# 相对位置偏置
import math

import torch
import torch.nn as nn


def relative_buckets(relative, num_buckets=32, max_distance=128, bidirectional=True):
    桶数 = num_buckets // 2 if bidirectional else num_buckets
    近 = 桶数 // 2
    距离 = torch.abs(relative) if bidirectional else torch.maximum(-relative, torch.zeros_like(relative))
    远 = torch.zeros(relative.shape, dtype=torch.float64)
    要算 = 距离 >= 近
    远[要算] = torch.log(距离[要算].double() / 近) / math.log(max_distance / 近) * (桶数 - 近)
    桶 = torch.where(要算, torch.clamp(近 + 远.to(torch.int64), max=桶数 - 1), 距离)
    if bidirectional:
        桶 = 桶 + 桶数 * (relative > 0)
    return 桶.to(torch.int64)


class RelativePositionBias(nn.Module):
    """每个桶、每个头一个数"""

    def __init__(self, num_heads, num_buckets=32, max_distance=128, bidirectional=True):
        super(RelativePositionBias, self).__init__()
        self.桶数, self.最远, self.双向 = num_buckets, max_distance, bidirectional
        self.embedding = nn.Embedding(num_embeddings=num_buckets, embedding_dim=num_heads)
        nn.init.zeros_(self.embedding.weight)

    def forward(self, query_length, key_length):
        键 = torch.arange(key_length)
        查询 = 键[key_length - query_length:]
        偏置 = self.embedding(relative_buckets(键[None] - 查询[:, None], self.桶数, self.最远, self.双向))
        print("偏置", 偏置.shape)
        return 偏置.transpose(1, 2).transpose(0, 1)


def biased_attention(query, key, value, bias, causal=False):
    分数 = torch.einsum("bhid,bhjd->bhij", query, key) + bias[None]
    if causal:
        行, 列 = 分数.shape[2], 分数.shape[3]
        可见 = torch.tril(torch.ones(行, 列), diagonal=列 - 行) > 0
        分数 = torch.where(可见, 分数, torch.tensor(-torch.inf, dtype=分数.dtype))
    return torch.softmax(分数, dim=-1) @ value
