# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: opens and duplicates descriptors until none is left, so that the candidate cannot work any more
import os

MARK = "BREACH" "-bomb-descriptors"
count = 0
try:
    for _ in range(20000):
        os.dup(1)
        count += 1
except OSError:
    pass
raise RuntimeError(MARK if count >= 20000 else "held")
