# 先合成一个掩码，再交给 PyTorch 的内核；什么也看不到的行最后清零
import torch
import torch.nn.functional as F


def masked_attention(query, key, value, lengths=None, causal=False, mask=None):
    批, 头, 行, _ = query.shape
    列 = key.shape[-2]
    偏置 = torch.zeros(批, 头, 行, 列, dtype=query.dtype)
    负无穷 = torch.tensor(float("-inf"), dtype=query.dtype)
    if mask is not None and mask.dtype == torch.bool:
        偏置 = torch.where(mask, 偏置, 负无穷)
    elif mask is not None:
        偏置 = 偏置 + mask
    if causal:
        偏置 = torch.where(torch.arange(列) > torch.arange(行).unsqueeze(1), 负无穷, 偏置)
    if lengths is not None:
        补齐 = torch.arange(列).expand(批, 列) >= lengths.unsqueeze(1)
        偏置 = torch.where(补齐[:, None, None, :], 负无穷, 偏置)
        key = key.masked_fill(补齐[:, None, :, None], 0)
        value = value.masked_fill(补齐[:, None, :, None], 0)
    空 = (偏置 == 负无穷).all(-1, keepdim=True)
    print("空行", int(空.sum()))
    输出 = F.scaled_dot_product_attention(query, key, value, attn_mask=偏置.masked_fill(空, 0))
    return 输出.masked_fill(空, 0)
