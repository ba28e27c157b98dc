import math

import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    B, H, D = query.shape
    S = key_pool.shape[1]
    out = torch.empty_like(query)
    for b in range(B):
        L = int(lengths[b])
        n = (L + S - 1) // S
        blocks = block_table[b, :n]
        k = key_pool[blocks].reshape(n * S, H, D)[:L]
        v = value_pool[blocks].reshape(n * S, H, D)[:L]
        att = torch.einsum("hd,lhd->hl", query[b], k) / math.sqrt(D)
        out[b] = torch.einsum("hl,lhd->hd", att.softmax(-1), v)
    return out
