# item: scaled-dot-product-attention
# expect: memory, error
# limit-seconds: 5
# attack: a small source that unpacks to gigabytes
import zlib

packed = zlib.compress(bytes(2**26))
layers = [zlib.decompress(packed) for _ in range(48)]
raise RuntimeError("BREACH" "-bomb-memory-zlib")
