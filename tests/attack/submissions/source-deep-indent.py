# item: scaled-dot-product-attention
# expect: error
# attack: an expression that nests as deep as the compiler allows, and then some
x = eval("(" * 190 + "1" + ")" * 190) + eval("[" * 5000 + "]" * 5000)
