# item: scaled-dot-product-attention
# expect: error
# attack: sys.exit(0) while loading
import sys

sys.exit(0)
