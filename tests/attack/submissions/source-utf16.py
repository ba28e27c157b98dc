# item: scaled-dot-product-attention
# expect: error
# encode: utf-16
# attack: UTF-16 with a byte-order mark
x = 1
