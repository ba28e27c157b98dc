# -*- coding: no-such-encoding -*-
# item: scaled-dot-product-attention
# expect: error
# attack: declares an encoding that does not exist
raise RuntimeError("held")
