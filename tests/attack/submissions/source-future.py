# item: scaled-dot-product-attention
# expect: error
# attack: features that do not exist, an await outside, and a return outside
from __future__ import nothing_of_the_kind
return 5
