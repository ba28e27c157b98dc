import math

import torch
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    H, G = query.shape[1], key.shape[1]
    if H % G != 0:
        raise ValueError("num_heads must be a multiple of num_groups")
    k = torch.repeat_interleave(key, H // G, dim=1)
    v = torch.repeat_interleave(value, H // G, dim=1)
    att = torch.matmul(query, k.transpose(2, 3)) / math.sqrt(query.shape[-1])
    if mask is not None:
        att = att.masked_fill(mask == False, float("-inf"))  # noqa: E712
    return torch.matmul(F.softmax(att, dim=-1), v)
