# item: attention-weighted-sum
# expect: error, crashed
# attack: a sparse file of 200 MB in its folder, mapped and written through the mapping, past every write limit
import mmap

with open("sparse", "wb+") as file:
    try:
        file.truncate(200 * 2**20)
        room = mmap.mmap(file.fileno(), 200 * 2**20)
        for at in range(0, 200 * 2**20, 4096):
            room[at] = 1
        raise RuntimeError("BREACH" "-bomb-mapped-file")
    except (OSError, ValueError):
        raise RuntimeError("held") from None
