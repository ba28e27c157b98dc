# 一个位置一个位置地查表
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    格数 = key_pool.shape[1]
    结果 = []
    for 序列, 长度 in enumerate(lengths.tolist()):
        键, 值 = [], []
        for 位置 in range(长度):
            块, 格 = int(block_table[序列, 位置 // 格数]), 位置 % 格数
            键.append(key_pool[块, 格])
            值.append(value_pool[块, 格])
        键, 值 = torch.stack(键, 1), torch.stack(值, 1)  # (H, L, D)
        权重 = ((键 * query[序列][:, None]).sum(-1) * query.shape[-1] ** -0.5).softmax(-1)
        结果.append((权重[..., None] * 值).sum(1))
    print(len(结果), "个序列")
    return torch.stack(结果)
