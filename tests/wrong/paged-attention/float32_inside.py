# mistake: computes in float32, also for float64
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    slots = key_pool.size(1)
    table = block_table.clamp(min=0)
    k = key_pool[table].flatten(1, 2)
    v = value_pool[table].flatten(1, 2)
    mine = torch.arange(k.size(1)) < lengths[:, None]
    v = v.masked_fill(~mine[:, :, None, None], 0.0)
    scores = torch.einsum("bhd,bphd->bhp", query.float(), k.float()) / query.size(-1) ** 0.5
    scores = scores.masked_fill(~mine[:, None], float("-inf"))
    return torch.einsum("bhp,bphd->bhd", scores.softmax(-1), v.float()).to(query.dtype)
