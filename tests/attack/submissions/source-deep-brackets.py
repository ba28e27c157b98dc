# item: scaled-dot-product-attention
# expect: error, crashed
# repeat: 100000
# attack: a hundred thousand open brackets
(
