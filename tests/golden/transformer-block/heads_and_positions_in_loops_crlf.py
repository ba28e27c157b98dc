# 一个头一个头、一个位置一个位置地算
import math
import torch
from torch import nn


class TransformerBlock(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.0):
        super().__init__()
        print("块：", d_model, num_heads)
        self.头数 = num_heads
        self.丢弃 = nn.Dropout(dropout)
        self.attn_norm = nn.LayerNorm(d_model)
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.attn_out = nn.Linear(d_model, d_model)
        self.mlp_norm = nn.LayerNorm(d_model)
        self.mlp_in = nn.Linear(d_model, 4 * d_model)
        self.mlp_out = nn.Linear(4 * d_model, d_model)

    def 一个头(self, q, k, v):
        结果 = []
        for i in range(q.shape[1]):
            分数 = (k[:, : i + 1] * q[:, i : i + 1]).sum(-1) / math.sqrt(q.shape[-1])  # (B, i + 1)
            权重 = torch.softmax(分数, dim=-1)
            结果.append((权重.unsqueeze(-1) * v[:, : i + 1]).sum(1))
        return torch.stack(结果, 1)

    def forward(self, x):
        全部 = self.qkv(self.attn_norm(x))
        宽 = x.shape[-1]
        每头 = 宽 // self.头数
        头 = []
        for h in range(self.头数):
            段 = slice(h * 每头, (h + 1) * 每头)
            头.append(self.一个头(全部[..., :宽][..., 段], 全部[..., 宽 : 2 * 宽][..., 段], 全部[..., 2 * 宽 :][..., 段]))
        x = x + self.丢弃(self.attn_out(torch.cat(头, -1)))
        z = self.mlp_in(self.mlp_norm(x))
        z = z * 0.5 * (1 + torch.erf(z / math.sqrt(2)))
        return x + self.丢弃(self.mlp_out(z))
