# 逐行逐头地算，慢而清楚
import math
import torch


def attention_entropy(weights, mask=None, normalise=False):
    行 = weights.reshape(-1, weights.shape[-1])
    if mask is not None:
        看得到 = mask.expand(weights.shape).reshape(行.shape)
    熵 = []
    for i in range(行.shape[0]):
        w = 行[i]
        w = w[w > 0]
        h = -(w * torch.log(w)).sum()
        if normalise:
            n = 行.shape[1] if mask is None else int(看得到[i].sum())
            h = h / math.log(n) if n > 1 else h * 0
        熵.append(h)
    print("共有", len(熵), "行")
    return torch.stack(熵).reshape(weights.shape[:-1])


def head_importance(outputs, gradients):
    B, H = outputs.shape[:2]
    各头 = []
    for h in range(H):
        总和 = outputs.new_zeros(())
        for b in range(B):
            总和 = 总和 + (outputs[b, h] * gradients[b, h]).sum().abs()
        各头.append(总和 / B)
    各头 = torch.stack(各头)
    长度 = math.sqrt(sum(x.item() ** 2 for x in 各头))
    return 各头 / 长度 if 长度 > 0 else 各头
