# item: scaled-dot-product-attention
# expect: error
# attack: names with lone surrogates, made by exec and setattr
import sys

setattr(sys.modules[__name__], "\ud800", type("\udfff".replace("\udfff", "X"), (), {}))
globals()["\udc00\x00"] = lambda: None
raise RuntimeError("\ud800 \udc00")
