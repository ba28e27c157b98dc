# item: scaled-dot-product-attention
# expect: failed, partial
# attack: markup and script in output, messages and type names
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    print("<script>alert(1)</script><img src=x onerror=alert(1)> [red]rich[/red] {{7*7}} ${7*7}")
    raise type("<b onmouseover=alert(1)>", (ValueError,), {})("</pre><script>alert(1)</script>")


ScaledDotProductAttention.forward = forward
