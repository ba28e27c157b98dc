import torch
from torch import nn
from torch.nn import functional as F


class TransformerBlock(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.0):
        super().__init__()
        self.num_heads = num_heads
        self.attn_norm = nn.LayerNorm(d_model)
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.attn_out = nn.Linear(d_model, d_model)
        self.mlp_norm = nn.LayerNorm(d_model)
        self.mlp_in = nn.Linear(d_model, 4 * d_model)
        self.mlp_out = nn.Linear(4 * d_model, d_model)
        self.residual_dropout = nn.Dropout(dropout)

    def attend(self, x):
        z = x.transpose(0, 1)  # (L, B, d)
        later = torch.ones(z.size(0), z.size(0), dtype=torch.bool).triu(1)
        out, _ = F.multi_head_attention_forward(
            z, z, z, z.size(-1), self.num_heads, self.qkv.weight, self.qkv.bias, None, None, False, 0.0,
            self.attn_out.weight, self.attn_out.bias, training=self.training, attn_mask=later, need_weights=False,
        )
        return out.transpose(0, 1)

    def forward(self, x):
        x = x + self.residual_dropout(self.attend(self.attn_norm(x)))
        return x + self.residual_dropout(self.mlp_out(F.gelu(self.mlp_in(self.mlp_norm(x)))))
