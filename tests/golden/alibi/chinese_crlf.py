# ALiBi：每个头一个斜率
import torch


def alibi_slopes(num_heads, dtype=torch.float32):
    幂 = 1
    while 幂 * 2 <= num_heads:
        幂 = 幂 * 2
    前 = [2 ** (-8 * (h + 1) / 幂) for h in range(幂)]
    后 = [2 ** (-4 * (h + 1) / 幂) for h in range(2 * 幂)]
    斜率 = 前 + 后[::2]
    print("斜率", 斜率[:num_heads])
    return torch.tensor(斜率[:num_heads], dtype=dtype)


def alibi_bias(num_heads, query_length, key_length, dtype=torch.float32):
    差 = key_length - query_length
    距离 = torch.stack([torch.arange(key_length) - (r + 差) for r in range(query_length)])
    偏置 = torch.stack([m * 距离 for m in alibi_slopes(num_heads, torch.float64)])
    偏置[:, 距离 > 0] = -torch.inf
    return 偏置.to(dtype)


def alibi_attention(query, key, value):
    分数 = torch.matmul(query, key.mT).div(query.size(-1) ** 0.5)
    分数 = 分数 + alibi_bias(query.size(1), query.size(2), key.size(2), query.dtype).unsqueeze(0)
    return 分数.softmax(dim=3).matmul(value)
