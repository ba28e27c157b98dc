# item: scaled-dot-product-attention
# expect: error
# encode: nul
# attack: NUL bytes in the middle of the source
x = 1
