# item: scaled-dot-product-attention
# expect: error
# attack: form feeds, carriage returns and other line ends, which shift line numbers
x = 1y = 2z = " "
raise RuntimeError("held")
