# item: scaled-dot-product-attention
# expect: error
# attack: nothing at all besides these comments
