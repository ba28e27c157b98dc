# item: scaled-dot-product-attention
# expect: failed, partial
# attack: compressed rows whose indices point out of range
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    rows, columns = torch.tensor([0, 1, 2]), torch.tensor([10**9, 10**12])
    with torch.sparse.check_sparse_tensor_invariants(False):
        bad = torch.sparse_csr_tensor(rows, columns, torch.ones(2), size=(2, 2))
    return bad, bad


ScaledDotProductAttention.forward = forward
