# item: scaled-dot-product-attention
# expect: error
# attack: leaves the work to the reference
from reference import *
