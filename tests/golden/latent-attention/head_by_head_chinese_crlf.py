# 一个头一个头地吸收
import math

import torch
from torch import nn


class LatentAttention(nn.Module):
    def __init__(self, d_model, num_heads, head_dim, latent_dim):
        super().__init__()
        self.头数, self.头宽 = num_heads, head_dim
        全宽 = num_heads * head_dim
        self.query_linear = nn.Linear(d_model, 全宽, bias=False)
        self.down_linear = nn.Linear(d_model, latent_dim, bias=False)
        self.key_up_linear = nn.Linear(latent_dim, 全宽, bias=False)
        self.value_up_linear = nn.Linear(latent_dim, 全宽, bias=False)
        self.out_linear = nn.Linear(全宽, d_model, bias=False)

    def compress(self, x):
        return x @ self.down_linear.weight.T

    def forward(self, x):
        # 训练也走吸收的写法，数值一样
        return self.decode(x, self.compress(x))

    def decode(self, x, latents):
        新, 全 = x.shape[1], latents.shape[1]
        看不见 = torch.arange(全)[None, :] > torch.arange(全 - 新, 全)[:, None]
        各头 = []
        for 号 in range(self.头数):
            段 = slice(号 * self.头宽, (号 + 1) * self.头宽)
            查询 = x @ self.query_linear.weight[段].T @ self.key_up_linear.weight[段]
            分数 = torch.bmm(查询, latents.transpose(1, 2)) / math.sqrt(self.头宽)
            权重 = 分数.masked_fill(看不见, -math.inf).softmax(-1)
            各头.append(torch.bmm(权重, latents) @ self.value_up_linear.weight[段].T)
        print("解码", 新, "个位置")
        return self.out_linear(torch.cat(各头, dim=-1))
