# mistake: automatic differentiation with gradient mode switched on
import torch
from torch.nn import functional as F


def attention_backward(q, k, v, d_out, mask=None):
    with torch.enable_grad():
        leaves = [t.detach().requires_grad_() for t in (q, k, v)]
        out = F.scaled_dot_product_attention(*leaves, attn_mask=mask)
        return torch.autograd.grad(out, leaves, d_out)
