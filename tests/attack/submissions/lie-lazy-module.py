# item: scaled-dot-product-attention
# expect: error, failed, partial
# attack: a module that is not made yet: every layer is lazy, and stays so
from torch import nn


class ScaledDotProductAttention(nn.LazyLinear):
    def __init__(self, d_model, dropout=0.1):
        super().__init__(d_model)
