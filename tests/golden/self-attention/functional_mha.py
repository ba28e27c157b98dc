import torch
import torch.nn as nn
import torch.nn.functional as F


class SelfAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("indivisible")
        self.d_model, self.num_heads, self.p = d_model, num_heads, dropout
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def forward(self, x, mask=None):
        query = key = value = x
        B, Lq, Lk = query.size(0), query.size(1), key.size(1)
        bias = None
        if mask is not None:
            bias = torch.zeros(mask.shape, dtype=query.dtype).masked_fill(mask == 0, float("-inf"))
            bias = bias.expand(B, self.num_heads, Lq, Lk).reshape(B * self.num_heads, Lq, Lk)
        out, _ = F.multi_head_attention_forward(
            query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1), self.d_model, self.num_heads,
            None, torch.cat([self.query_linear.bias, self.key_linear.bias, self.value_linear.bias]), None, None, False, self.p,
            self.out_linear.weight, self.out_linear.bias, training=self.training, need_weights=False, attn_mask=bias,
            use_separate_proj_weight=True, q_proj_weight=self.query_linear.weight, k_proj_weight=self.key_linear.weight, v_proj_weight=self.value_linear.weight)
        return out.transpose(0, 1)
