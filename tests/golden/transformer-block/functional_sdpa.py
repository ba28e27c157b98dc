import torch
from torch import nn
from torch.nn.functional import dropout, gelu, scaled_dot_product_attention


class TransformerBlock(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.0):
        super().__init__()
        self.h, self.p = num_heads, dropout
        self.attn_norm = nn.LayerNorm(d_model)
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.attn_out = nn.Linear(d_model, d_model)
        self.mlp_norm = nn.LayerNorm(d_model)
        self.mlp_in = nn.Linear(d_model, 4 * d_model)
        self.mlp_out = nn.Linear(4 * d_model, d_model)

    def forward(self, x):
        B, L, d = x.shape
        q, k, v = self.qkv(self.attn_norm(x)).view(B, L, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4)
        a = scaled_dot_product_attention(q, k, v, is_causal=True).permute(0, 2, 1, 3).reshape(B, L, d)
        x = torch.add(x, dropout(self.attn_out(a), self.p, self.training))
        m = self.mlp_out(gelu(self.mlp_in(self.mlp_norm(x))))
        return torch.add(x, dropout(m, self.p, self.training))


if __name__ == "__main__":
    print(TransformerBlock(8, 2)(torch.randn(1, 3, 8)).shape)
