"""Slot numbers as a serving engine keeps them: the pool as one long row of slots."""
import torch
import torch.nn.functional as F


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    num_blocks, block_size, num_heads, head_size = key_pool.shape
    max_len = int(lengths.max())
    positions = torch.arange(max_len)
    slot_mapping = block_table[:, positions // block_size] * block_size + positions % block_size
    valid = positions.unsqueeze(0) < lengths.unsqueeze(1)
    slot_mapping = torch.where(valid, slot_mapping, torch.zeros_like(slot_mapping))
    keys = key_pool.reshape(-1, num_heads, head_size).index_select(0, slot_mapping.reshape(-1))
    values = value_pool.reshape(-1, num_heads, head_size).index_select(0, slot_mapping.reshape(-1))
    keys = keys.view(*slot_mapping.shape, num_heads, head_size).transpose(1, 2)
    values = values.view(*slot_mapping.shape, num_heads, head_size).transpose(1, 2)
    values = torch.where(valid[:, None, :, None], values, torch.zeros((), dtype=values.dtype))
    out = F.scaled_dot_product_attention(query.unsqueeze(2), torch.where(valid[:, None, :, None], keys, 0), values, attn_mask=valid[:, None, None, :])
    return out.squeeze(2)
