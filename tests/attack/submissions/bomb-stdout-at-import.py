# item: scaled-dot-product-attention
# expect: error, timeout
# limit-seconds: 1
# attack: prints endlessly while loading
import sys

for _ in range(10**9):
    sys.stdout.write("C" * 4096)
    sys.stderr.write("D" * 4096)
