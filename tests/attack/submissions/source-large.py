# item: scaled-dot-product-attention
# expect: error
# repeat: 700000
# attack: ten megabytes of source
x = 1; y = 2
