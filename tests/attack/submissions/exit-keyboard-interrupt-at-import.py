# item: scaled-dot-product-attention
# expect: error
# attack: KeyboardInterrupt while loading
raise KeyboardInterrupt
