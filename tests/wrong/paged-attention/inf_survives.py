# mistake: surplus values are multiplied by zero, and inf becomes nan
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    slots = key_pool.size(1)
    table = block_table.clamp(min=0)
    k = key_pool[table].flatten(1, 2)
    v = value_pool[table].flatten(1, 2)
    mine = torch.arange(k.size(1)) < lengths[:, None]
    v = torch.where(v.isnan(), 0.0, v) * mine[:, :, None, None]
    scores = torch.einsum("bhd,bphd->bhp", query, k) / query.size(-1) ** 0.5
    scores = scores.masked_fill(~mine[:, None], float("-inf"))
    return torch.einsum("bhp,bphd->bhd", scores.softmax(-1), v)
