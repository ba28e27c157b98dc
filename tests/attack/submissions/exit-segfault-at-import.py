# item: scaled-dot-product-attention
# expect: crashed
# attack: reads address zero while loading
import ctypes

ctypes.string_at(8)
