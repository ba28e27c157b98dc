# coding: zlib_codec
# item: scaled-dot-product-attention
# expect: error
# attack: declares codecs that are no text encodings: hex, zip bombs
raise RuntimeError("held")
