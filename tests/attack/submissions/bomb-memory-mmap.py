# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: shared anonymous memory, which RLIMIT_DATA does not count, up to 3 GB
import mmap

MARK = "BREACH" "-bomb-memory-mmap"
maps = []
try:
    for _ in range(48):
        region = mmap.mmap(-1, 64 * 2**20, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
        for offset in range(0, len(region), 4096):
            region[offset] = 1
        maps.append(region)
except (OSError, MemoryError, ValueError):
    pass
total = len(maps) * 64
maps.clear()
raise RuntimeError(MARK if total > 2048 else "held")
