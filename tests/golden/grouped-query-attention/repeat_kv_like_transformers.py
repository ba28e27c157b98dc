"""In the manner of large model libraries: expand, reshape, eager attention in float32."""
import torch
from torch import nn


def repeat_kv(hidden_states: torch.Tensor, n_rep: int) -> torch.Tensor:
    batch, num_key_value_heads, slen, head_dim = hidden_states.shape
    if n_rep == 1:
        return hidden_states
    hidden_states = hidden_states[:, :, None, :, :].expand(batch, num_key_value_heads, n_rep, slen, head_dim)
    return hidden_states.reshape(batch, num_key_value_heads * n_rep, slen, head_dim)


def grouped_query_attention(query, key, value, mask=None):
    num_key_value_groups, rest = divmod(query.shape[1], key.shape[1])
    if rest:
        raise ValueError(f"{query.shape[1]} heads, {key.shape[1]} key-value heads")
    key_states = repeat_kv(key, num_key_value_groups)
    value_states = repeat_kv(value, num_key_value_groups)
    attn_weights = torch.matmul(query, key_states.transpose(2, 3)) * query.shape[-1] ** -0.5
    if mask is not None:
        additive = torch.zeros_like(mask, dtype=attn_weights.dtype).masked_fill(~mask, torch.finfo(attn_weights.dtype).min)
        attn_weights = attn_weights + additive
    upcast = torch.float32 if attn_weights.dtype in (torch.float16, torch.bfloat16) else attn_weights.dtype
    attn_weights = nn.functional.softmax(attn_weights, dim=-1, dtype=upcast).to(query.dtype)
    return torch.matmul(attn_weights, value_states)
