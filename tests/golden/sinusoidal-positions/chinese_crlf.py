# 正弦位置编码：奇偶两列共用一个角
import torch


def sinusoidal_positions(length, d_model, offset=0, dtype=torch.float32):
    位置 = torch.arange(offset, offset + length, dtype=torch.float64)  # 位置
    列 = torch.arange(d_model)
    角 = torch.einsum("l,d->ld", 位置, 10000.0 ** (-(列 - 列 % 2).double() / d_model))
    偶数列 = (列 % 2 == 0).expand(length, d_model)
    print("表的形状：", 角.shape)
    return torch.where(偶数列, torch.sin(角), torch.cos(角)).type(dtype)


def add_positions(x, offset=0):
    长度, 宽度 = x.shape[-2], x.shape[-1]
    return x + sinusoidal_positions(长度, 宽度, offset=offset, dtype=x.dtype).expand_as(x)
