import math
import torch
import torch.nn as nn
import torch.nn.functional as F


from dataclasses import dataclass
from typing import Optional, Tuple

@dataclass(frozen=True)
class Config:
    d_model: int
    dropout: float = 0.1

class Base(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.attn_drop = nn.Dropout(config.dropout)

    def score(self, q: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError

    def forward(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: Optional[torch.Tensor] = None) -> Tuple[torch.Tensor, torch.Tensor]:
        energy = self.score(query, key)
        if mask is not None:
            energy = energy.masked_fill(mask.eq(0), torch.finfo(energy.dtype).min)
        p_attn = F.softmax(energy, dim=-1)
        p_attn = self.attn_drop(p_attn)
        return torch.matmul(p_attn, value), p_attn

class ScaledDotProductAttention(Base):
    def __init__(self, d_model, dropout=0.1):
        super().__init__(Config(d_model, dropout))

    def score(self, q, k):
        return q.matmul(k.transpose(-1, -2)).div(math.sqrt(q.size(-1)))
