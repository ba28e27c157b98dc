# item: scaled-dot-product-attention
# expect: error
# encode: bytes
# attack: bytes that are no UTF-8
x = "here"
