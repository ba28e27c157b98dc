# 滑动窗口注意力
import torch
import torch.nn.functional as F


def sliding_window_attention(query, key, value, window):
    长度 = query.size(-2)
    宽 = window if window < 长度 else 长度
    前面 = (0, 0, 宽 - 1, 0)
    键窗 = F.pad(key, 前面).unfold(-2, 宽, 1)      # (..., L, d, w)
    值窗 = F.pad(value, 前面).unfold(-2, 宽, 1)
    分数 = (query.unsqueeze(-1) * 键窗).sum(-2) / query.size(-1) ** 0.5
    行号 = torch.arange(长度).view(-1, 1)
    列号 = torch.arange(宽).view(1, -1)
    分数 = 分数.masked_fill(行号 + 列号 < 宽 - 1, torch.finfo(分数.dtype).min)
    权重 = torch.softmax(分数, dim=-1)
    print("带子的形状", tuple(权重.shape))
    return (值窗 * 权重.unsqueeze(-2)).sum(-1)
