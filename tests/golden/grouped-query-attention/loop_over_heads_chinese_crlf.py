# 一个头一个头地算，最笨也最清楚
import torch


class 头数不合(ValueError):
    """查询头数不能被组数整除"""


def grouped_query_attention(query, key, value, mask=None):
    批, 头, 长, 宽 = query.shape
    组 = key.shape[1]
    每组 = 头 // 组
    if 每组 * 组 != 头:
        raise 头数不合(f"{头} 个头，{组} 组")
    结果 = []
    for 号 in range(头):
        分数 = query[:, 号] @ key[:, 号 // 每组].transpose(1, 2) / 宽**0.5
        if mask is not None:
            遮 = torch.broadcast_to(mask, (批, 头, 长, key.shape[2]))[:, 号]
            分数 = 分数.masked_fill(~遮, -torch.inf)
        结果.append(分数.softmax(2) @ value[:, 号 // 每组])
    print("算完", 头, "个头")
    return torch.stack(结果, dim=1)
