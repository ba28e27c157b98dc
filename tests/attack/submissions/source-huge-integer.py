# item: scaled-dot-product-attention
# expect: error
# attack: an integer of a hundred thousand digits
x = int("9" * 100_000)
