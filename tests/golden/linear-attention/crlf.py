import torch


def 特征(x):
    """elu(x) + 1；先截断再取指数，免得很大的数在梯度里变成 inf 乘 0。"""
    正, 负 = torch.clamp(x, min=0), torch.clamp(x, max=0)
    return 正 + torch.exp(负)


def linear_attention(q, k, v, causal=False, eps=1e-6):
    查询, 键 = 特征(q), 特征(k)
    if causal:
        记忆 = torch.cumsum(键.unsqueeze(-1) * v.unsqueeze(-2), -3)
        总和 = torch.cumsum(键, -2)
        输出 = torch.einsum("...i,...ij->...j", 查询, 记忆)
        分母 = torch.einsum("...i,...i->...", 查询, 总和)
    else:
        记忆 = torch.einsum("...ni,...nj->...ij", 键, v)
        输出 = torch.matmul(查询, 记忆)
        分母 = torch.matmul(查询, 键.sum(-2).unsqueeze(-1)).squeeze(-1)
    print("记忆的形状", tuple(记忆.shape))
    return 输出 / (分母 + eps).unsqueeze(-1)
