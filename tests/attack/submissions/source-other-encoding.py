# coding: rot13
# item: scaled-dot-product-attention
# expect: error, failed, partial
# attack: declares an encoding that turns comments into code
cevag("through")
