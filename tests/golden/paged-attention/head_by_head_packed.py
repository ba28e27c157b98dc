"""All sequences packed into one row of positions; a segment softmax by index_add."""
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    slots = key_pool.size(1)
    owner = torch.repeat_interleave(torch.arange(len(lengths)), lengths)  # (P,)
    place = torch.cat([torch.arange(n) for n in lengths.tolist()])  # (P,)
    block = block_table[owner, place.div(slots, rounding_mode="floor")]
    k, v = key_pool[block, place.remainder(slots)], value_pool[block, place.remainder(slots)]  # (P, H, D)
    scores = (query[owner] * k).sum(-1) / query.size(-1) ** 0.5  # (P, H)
    top = torch.full(query.shape[:2], float("-inf"), dtype=query.dtype)
    top = top.scatter_reduce(0, owner[:, None].expand_as(scores), scores, "amax")
    powers = (scores - top[owner]).exp()
    total = torch.zeros_like(top).index_add(0, owner, powers)
    sums = torch.zeros_like(query).index_add(0, owner, powers[..., None] * v)
    return sums / total[..., None]
