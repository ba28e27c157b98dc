# 先把整行都是 -inf 的行换成 0，再交给 torch，最后写回约定的值
import torch
from torch.nn import functional as F


def 空行(scores, dim):
    return (scores == float("-inf")).all(dim=dim, keepdim=True)


def stable_softmax(scores, dim=-1):
    空 = 空行(scores, dim)
    print("形状", scores.shape)
    return F.softmax(scores.masked_fill(空, 0.0), dim=dim).masked_fill(空, 0.0)


def stable_log_softmax(scores, dim=-1):
    空 = 空行(scores, dim)
    return F.log_softmax(scores.masked_fill(空, 0.0), dim=dim).masked_fill(空, float("-inf"))
