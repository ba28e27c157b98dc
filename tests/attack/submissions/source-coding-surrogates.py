# coding: raw_unicode_escape
# item: scaled-dot-product-attention
# expect: error
# attack: an encoding that turns plain ASCII into lone surrogates, NUL and line ends
x = "\ud800 \udfff \u0000"
raise RuntimeError("held")
