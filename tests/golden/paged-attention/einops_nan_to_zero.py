import torch
from einops import einsum, rearrange


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    table = torch.where(block_table < 0, 0, block_table)
    k = rearrange(key_pool[table], "b m s h d -> b h (m s) d")
    v = rearrange(value_pool[table], "b m s h d -> b h (m s) d")
    keep = rearrange(torch.arange(k.shape[2]), "p -> 1 1 p") < rearrange(lengths, "b -> b 1 1")
    sim = einsum(query, k, "b h d, b h p d -> b h p") * query.shape[-1] ** -0.5
    sim = torch.where(keep, sim, -torch.inf)
    v = torch.where(keep[..., None], v, torch.zeros_like(v))
    return einsum(sim.softmax(-1), v, "b h p, b h p d -> b h d")
