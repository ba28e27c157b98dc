"""Block by block, as a kernel does: running maximum, running sum, running output."""
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    batch, heads, width = query.shape
    slots = key_pool.size(1)
    result = torch.zeros_like(query)
    for b in range(batch):
        left = lengths[b].item()
        top = torch.full((heads,), float("-inf"), dtype=query.dtype)
        total = torch.zeros(heads, dtype=query.dtype)
        sums = torch.zeros(heads, width, dtype=query.dtype)
        for block in block_table[b].tolist():
            if left <= 0:
                break
            take = min(left, slots)
            k, v = key_pool[block, :take], value_pool[block, :take]
            scores = torch.einsum("hd,shd->hs", query[b], k) / width**0.5
            new = torch.maximum(top, scores.amax(-1))
            shrink, powers = (top - new).exp(), (scores - new[:, None]).exp()
            total = total * shrink + powers.sum(-1)
            sums = sums * shrink[:, None] + torch.einsum("hs,shd->hd", powers, v)
            top, left = new, left - take
        result[b] = sums / total[:, None]
    return result
