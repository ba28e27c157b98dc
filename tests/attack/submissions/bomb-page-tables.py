# item: attention-weighted-sum
# expect: error, memory
# attack: touches one page in every two megabytes of as much address space as it can have, so that tables outweigh memory
import mmap

rooms = []
try:
    for _ in range(4096):
        room = mmap.mmap(-1, 2**30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0))
        rooms.append(room)
        for at in range(0, 2**30, 2**21):
            room[at] = 1
except (OSError, ValueError, MemoryError):
    pass
raise RuntimeError("BREACH" "-bomb-page-tables" if len(rooms) > 2 else "held")
