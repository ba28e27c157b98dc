from typing import Optional

import torch
from torch import nn


class DynamicCache:
    def __init__(self) -> None:
        self.key_cache: Optional[torch.Tensor] = None
        self.value_cache: Optional[torch.Tensor] = None

    def get_seq_length(self) -> int:
        return 0 if self.key_cache is None else self.key_cache.shape[-2]

    def update(self, key_states: torch.Tensor, value_states: torch.Tensor):
        if self.key_cache is None:
            self.key_cache, self.value_cache = key_states, value_states
        else:
            self.key_cache = torch.cat([self.key_cache, key_states], dim=-2)
            self.value_cache = torch.cat([self.value_cache, value_states], dim=-2)
        return self.key_cache, self.value_cache


class CachedSelfAttention(nn.Module):
    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__()
        self.hidden_size, self.num_heads, self.head_dim = d_model, num_heads, d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.past_key_values = DynamicCache()

    def _shape(self, tensor: torch.Tensor) -> torch.Tensor:
        bsz, seq_len, _ = tensor.shape
        return tensor.view(bsz, seq_len, self.num_heads, self.head_dim).transpose(1, 2).contiguous()

    def forward(self, hidden_states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        query_states = self._shape(self.query_linear(hidden_states))
        key_states, value_states = self.past_key_values.update(
            self._shape(self.key_linear(hidden_states)), self._shape(self.value_linear(hidden_states))
        )
        attn_weights = torch.matmul(query_states, key_states.transpose(2, 3)) * self.head_dim**-0.5 + attention_mask
        attn_weights = nn.functional.softmax(attn_weights, dim=-1)
        attn_output = torch.matmul(attn_weights, value_states).transpose(1, 2)
        return self.out_linear(attn_output.reshape(*hidden_states.shape[:-1], self.hidden_size))

    def _causal_mask(self, x: torch.Tensor) -> torch.Tensor:
        past, new = self.past_key_values.get_seq_length(), x.shape[1]
        mask = torch.full((new, new), torch.finfo(x.dtype).min, dtype=x.dtype).triu(1)
        return torch.cat([torch.zeros(new, past, dtype=x.dtype), mask], dim=-1)

    def decode(self, x: torch.Tensor) -> torch.Tensor:
        return self(x, self._causal_mask(x))

    def prefill(self, x: torch.Tensor) -> torch.Tensor:
        self.past_key_values = DynamicCache()
        return self.decode(x)

    def reset(self) -> None:
        self.past_key_values = DynamicCache()
