# item: scaled-dot-product-attention
# expect: failed, partial, error
# attack: a hundred thousand public classes
for number in range(100_000):
    globals()[f"Class{number}"] = object
