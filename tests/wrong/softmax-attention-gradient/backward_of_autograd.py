# mistake: automatic differentiation that needs gradient mode
import torch
from torch.nn import functional as F


def attention_backward(q, k, v, d_out, mask=None):
    q, k, v = (t.detach().clone().requires_grad_() for t in (q, k, v))
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    out.backward(d_out)
    return q.grad, k.grad, v.grad
