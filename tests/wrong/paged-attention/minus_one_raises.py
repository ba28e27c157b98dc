# mistake: an entry of -1 is an index out of range
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    slots = key_pool.size(1)
    table = torch.where(block_table < 0, key_pool.size(0), block_table)
    k = key_pool[table].flatten(1, 2)
    v = value_pool[table].flatten(1, 2)
    mine = torch.arange(k.size(1)) < lengths[:, None]
    v = v.masked_fill(~mine[:, :, None, None], 0.0)
    scores = torch.einsum("bhd,bphd->bhp", query, k) / query.size(-1) ** 0.5
    scores = scores.masked_fill(~mine[:, None], float("-inf"))
    return torch.einsum("bhp,bphd->bhd", scores.softmax(-1), v)
