# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: catches MemoryError and goes on hoarding in ever smaller pieces, to stay at the limit for ever
hoard = []
size = 2**26
held = 0
while size > 2**12 and held < 3 * 2**30:
    try:
        hoard.append(bytearray(size))
        held += size
    except MemoryError:
        size //= 2
hoard.clear()
raise RuntimeError("BREACH" "-bomb-memory-caught" if held > 2 * 2**30 else "held")
