# item: scaled-dot-product-attention
# expect: error, crashed, memory
# repeat: 60000
# attack: sixty thousand signs before a number
- \
