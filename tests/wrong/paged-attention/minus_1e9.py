# mistake: masked scores are -1e9, which float16 cannot hold
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    """Attention over keys and values that are looked up through a block table (Kwon et al. 2023, section 4.1)."""
    blocks = block_table.clamp(0, key_pool.size(0) - 1)  # (B, M): what is not needed is taken from anywhere, and blocked below
    k, v = (pool[blocks].flatten(1, 2) for pool in (key_pool, value_pool))  # (B, M * S, H, D)
    mine = torch.arange(k.size(1)) < lengths[:, None]  # (B, M * S)
    v = v.masked_fill(~mine[:, :, None, None], 0.0)  # (B, M * S, H, D): zero times nan would be nan
    scores = torch.einsum("bhd,bphd->bhp", query, k) / query.size(-1) ** 0.5  # (B, H, M * S)
    weights = scores.masked_fill(~mine[:, None], -1e9).softmax(-1)  # (B, H, M * S)
    return torch.einsum("bhp,bphd->bhd", weights, v)  # (B, H, D)
