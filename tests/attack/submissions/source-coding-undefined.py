# coding: undefined
# item: scaled-dot-product-attention
# expect: error
# attack: an encoding whose decoder raises something that is no UnicodeDecodeError
raise RuntimeError("held")
