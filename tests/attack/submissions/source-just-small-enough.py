# item: scaled-dot-product-attention
# expect: error
# repeat: 18000
# attack: as many statements as one is allowed to send, each of which the compiler must fold
x = 1 + 2 + 3
