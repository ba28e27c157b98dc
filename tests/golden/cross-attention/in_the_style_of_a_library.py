from typing import NamedTuple, Optional

import torch
from torch import Tensor, nn


class AttentionOutput(NamedTuple):
    hidden_states: Tensor
    attention_probs: Tensor


class CrossAttention(nn.Module):
    def __init__(self, d_model: int, n_heads: int, d_memory: Optional[int] = None) -> None:
        super().__init__()
        if d_model % n_heads != 0:
            raise ValueError(f"The hidden size ({d_model}) is not a multiple of the number of attention heads ({n_heads})")
        self.num_attention_heads = n_heads
        self.attention_head_size = int(d_model / n_heads)
        self.all_head_size = self.num_attention_heads * self.attention_head_size
        encoder_width = d_model if d_memory is None else d_memory
        self.query_linear = nn.Linear(d_model, self.all_head_size)
        self.key_linear = nn.Linear(encoder_width, self.all_head_size)
        self.value_linear = nn.Linear(encoder_width, self.all_head_size)
        self.out_linear = nn.Linear(self.all_head_size, d_model)

    def transpose_for_scores(self, x: Tensor) -> Tensor:
        new_shape = x.size()[:-1] + (self.num_attention_heads, self.attention_head_size)
        return x.view(new_shape).permute(0, 2, 1, 3)

    def get_extended_mask(self, mask: Tensor, dtype: torch.dtype) -> Tensor:
        return (1.0 - mask[:, None, None, :].to(dtype)) * torch.finfo(dtype).min

    def forward(self, x: Tensor, memory: Tensor, memory_mask: Optional[Tensor] = None) -> AttentionOutput:
        query_layer = self.transpose_for_scores(self.query_linear(x))
        key_layer = self.transpose_for_scores(self.key_linear(memory))
        value_layer = self.transpose_for_scores(self.value_linear(memory))
        scores = torch.matmul(query_layer, key_layer.transpose(-1, -2)) / self.attention_head_size**0.5
        if memory_mask is not None:
            scores = torch.max(scores + self.get_extended_mask(memory_mask, scores.dtype), torch.tensor(torch.finfo(scores.dtype).min, dtype=scores.dtype))
        probs = nn.functional.softmax(scores, dim=-1)
        if memory_mask is not None:
            probs = probs.masked_fill(~memory_mask[:, None, None, :], 0.0)
        context = torch.matmul(probs, value_layer).permute(0, 2, 1, 3).contiguous()
        context = context.view(context.size()[:-2] + (self.all_head_size,))
        return AttentionOutput(self.out_linear(context), probs)
