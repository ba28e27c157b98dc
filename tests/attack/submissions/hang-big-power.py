# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: an integer power that holds the interpreter lock for minutes
x = 3 ** (10**9)
