# item: scaled-dot-product-attention
# expect: memory
# limit-seconds: 5
# attack: a list that grows (to 3 GB at most)
hoard = []
for _ in range(3000):
    hoard.append(b"\1" * 2**20)
raise RuntimeError("BREACH" "-bomb-memory-list")
