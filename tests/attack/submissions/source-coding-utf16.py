# coding: utf-16
# item: scaled-dot-product-attention
# expect: error
# attack: declares UTF-16 in an ASCII file
raise RuntimeError("held")
