# -*- coding: utf-8 -*-
# 作业：注意力加权求和
import torch


def attention_weighted_sum(inputs, attention_weights):
    # 先把权重扩展成与输入同样的形状 (B, L, D)
    扩展 = attention_weights.unsqueeze(2).expand_as(inputs)
    # 再逐元素相乘，沿长度方向求和
    return torch.mul(inputs, 扩展).sum(1)
