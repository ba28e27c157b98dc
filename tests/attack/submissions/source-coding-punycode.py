# coding: punycode
# item: scaled-dot-product-attention
# expect: error
# repeat: 4000
# attack: punycode, which takes quadratic time to decode
x = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bcd9999999999999"
