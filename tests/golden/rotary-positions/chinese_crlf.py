# 旋转位置编码
import torch


def apply_rotary(x, positions, base=10000.0):
    """把每一对转过去。"""
    d = x.shape[-1]
    精度 = torch.float64 if x.dtype is torch.float64 else torch.float32
    转速 = torch.tensor([base ** (-2 * i / d) for i in range(d // 2)], dtype=精度)
    角 = positions[..., None] * 转速
    if 角.dim() == 3:
        角 = 角[:, None]  # 头的轴
    甲, 乙 = x.view(x.shape).unflatten(-1, (d // 2, 2)).unbind(-1)
    新甲 = 甲 * torch.cos(角) - 乙 * torch.sin(角)
    新乙 = 乙 * torch.cos(角) + 甲 * torch.sin(角)
    print("转好了", tuple(x.shape))
    return torch.stack((新甲, 新乙), dim=-1).flatten(start_dim=-2).to(x.dtype)


def rotary_attention(query, key, value, query_positions, key_positions):
    q = apply_rotary(x=query, positions=query_positions)
    k = apply_rotary(x=key, positions=key_positions)
    分数 = torch.matmul(q, k.transpose(2, 3)) * (q.shape[3] ** -0.5)
    return torch.matmul(torch.softmax(分数, -1), value)
