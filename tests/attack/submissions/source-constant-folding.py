# item: scaled-dot-product-attention
# expect: error, memory, timeout, crashed
# limit-seconds: 2
# attack: constants that the compiler folds while nobody looks at a limit
x = ((((("a" * 4096,) * 256,) * 256,) * 256,) * 256)
y = 2 ** 2 ** 2 ** 2 ** 2 ** 2 ** 2
