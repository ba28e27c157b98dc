# 用生成器一步一步吐出词元
import torch


def 一步(权重, 词元, 起点, 缓存):
    x = 权重["embedding"][词元] + 权重["positions"][torch.arange(起点, 起点 + 词元.shape[1])]
    for 层, 存 in zip(权重["layers"], 缓存):
        存["k"] = torch.cat([存["k"], x @ 层["key"]], dim=1) if "k" in 存 else x @ 层["key"]
        存["v"] = torch.cat([存["v"], x @ 层["value"]], dim=1) if "v" in 存 else x @ 层["value"]
        总, 新 = 存["k"].shape[1], x.shape[1]
        分数 = (x @ 层["query"]) @ 存["k"].transpose(1, 2) / x.shape[2] ** 0.5
        分数 = 分数 + torch.full((新, 总), float("-inf"), dtype=x.dtype).triu(总 - 新 + 1)
        x = x + 分数.softmax(dim=2) @ 存["v"] @ 层["output"]
    return x[:, -1] @ 权重["head"]


def 词元流(权重, 提示):
    缓存 = [dict() for _ in 权重["layers"]]
    起点, 词元 = 0, 提示
    while True:
        新 = 一步(权重, 词元, 起点, 缓存).argmax(dim=1, keepdim=True)
        起点 += 词元.shape[1]
        词元 = yield 新


@torch.no_grad()
def greedy_decode(weights, prompt, stop, max_new):
    结果 = torch.zeros(prompt.shape[0], 0, dtype=torch.int64)
    if max_new == 0:
        return 结果
    流 = 词元流(weights, prompt)
    新 = next(流)
    while True:
        完了 = (结果 == stop).any(dim=1, keepdim=True)
        新 = torch.where(完了, torch.tensor(stop), 新)
        结果 = torch.cat([结果, 新], dim=1)
        if 结果.shape[1] == max_new or bool((结果 == stop).any(dim=1).all()):
            print("写了", 结果.shape[1], "个词元")
            return 结果
        新 = 流.send(新)
