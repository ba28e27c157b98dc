# item: scaled-dot-product-attention
# expect: partial, failed
# attack: drops nothing while training and claims to be in whichever mode the test wants
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(scores.softmax(-1))
        return weights @ value, weights


class Flag:
    def __get__(self, instance, owner):
        return False

    def __set__(self, instance, value):
        pass


ScaledDotProductAttention.training = Flag()


def construct(self, d_model, dropout=0.1):
    nn.Module.__init__(self)
    self.dropout = nn.Identity()


ScaledDotProductAttention.__init__ = construct
