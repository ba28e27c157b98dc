# 缓存登记为不保存的 buffer，空的时候长度为零
import torch
from torch import nn


class CachedSelfAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.头数 = num_heads
        for 名 in ["query_linear", "key_linear", "value_linear", "out_linear"]:
            setattr(self, 名, nn.Linear(d_model, d_model))
        self.register_buffer("键", None, persistent=False)
        self.register_buffer("值", None, persistent=False)

    def 拆(self, x):
        批, 长, 宽 = x.shape
        return x.reshape(批, 长, self.头数, 宽 // self.头数).swapaxes(1, 2)

    def prefill(self, x):
        self.reset()
        结果 = self.decode(x)
        print("预填充", x.shape[1], "个位置")
        return 结果

    def decode(self, x):
        新键, 新值 = self.拆(self.key_linear(x)), self.拆(self.value_linear(x))
        self.键 = 新键 if self.键 is None else torch.cat([self.键, 新键], dim=2)
        self.值 = 新值 if self.值 is None else torch.cat([self.值, 新值], dim=2)
        总长, 新长 = self.键.shape[2], x.shape[1]
        分数 = self.拆(self.query_linear(x)) @ self.键.swapaxes(2, 3) / (x.shape[2] / self.头数) ** 0.5
        for 行 in range(新长):
            分数[:, :, 行, 总长 - 新长 + 行 + 1 :] = float("-inf")
        输出 = 分数.softmax(-1) @ self.值
        return self.out_linear(输出.swapaxes(1, 2).reshape(x.shape))

    def reset(self):
        self.键 = self.值 = None
