import torch


def summarise(scores, values):
    """逐个键累加：最大值变了，就把以前的和换算到新的最大值。"""
    行 = scores.shape[:-1]
    m = torch.full(行, float("-inf"), dtype=scores.dtype)
    l = torch.zeros(行, dtype=scores.dtype)
    o = torch.zeros(*行, values.shape[-1], dtype=scores.dtype)
    for j in range(scores.shape[-1]):
        s = scores[..., j]
        新 = torch.maximum(m, s)
        基准 = torch.where(新 == float("-inf"), torch.zeros_like(新), 新)
        旧比例, 新比例 = torch.exp(m - 基准), torch.exp(s - 基准)
        l = l * 旧比例 + 新比例
        o = o * 旧比例.unsqueeze(-1) + 新比例.unsqueeze(-1) * values[..., j, :].unsqueeze(-2)
        m = 新
    print("这一块有", scores.shape[-1], "个键")
    return m, l, o


def merge(a, b):
    新 = torch.maximum(a[0], b[0])
    基准 = torch.where(新 == float("-inf"), torch.zeros_like(新), 新)
    甲, 乙 = torch.exp(a[0] - 基准), torch.exp(b[0] - 基准)
    return 新, 甲 * a[1] + 乙 * b[1], 甲.unsqueeze(-1) * a[2] + 乙.unsqueeze(-1) * b[2]


def finish(state):
    m, l, o = state
    空 = l == 0
    return torch.where(空.unsqueeze(-1), torch.zeros_like(o), o / torch.where(空, torch.ones_like(l), l).unsqueeze(-1)), m + torch.log(l)
