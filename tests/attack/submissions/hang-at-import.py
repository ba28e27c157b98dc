# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: an endless loop while loading
while True:
    pass
