# item: scaled-dot-product-attention
# expect: failed, partial, error, crashed
# attack: registers a codec under the names of UTF-8 and ASCII and empties the caches, so that every text is its own
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))

import codecs
import encodings


def encode(text, errors="strict"):
    return b'{"r":true}', len(text)


def decode(raw, errors="strict"):
    return '{"op":"get"}', len(raw)


info = codecs.CodecInfo(encode, decode, name="utf-8")
encodings._cache.clear()
encodings.search_function = lambda name: info
codecs.unregister(encodings.search_function)
codecs.register(lambda name: info)
str.encode
