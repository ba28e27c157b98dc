# coding: idna
# item: scaled-dot-product-attention
# expect: error
# attack: the encoding of domain names, whose errors are of another type and whose time is quadratic
raise RuntimeError("held" + "....")
