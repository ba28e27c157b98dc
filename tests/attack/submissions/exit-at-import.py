# item: scaled-dot-product-attention
# expect: crashed
# attack: leaves with status 0 before anything can be asked, as if all had gone well
import os

os._exit(0)
