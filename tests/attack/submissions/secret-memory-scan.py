# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: reads its whole memory for the planted words of reference, tests and earlier submissions
import ctypes
import gc
import os

MARK = "BREACH" "-secret-memory-scan"
libc = ctypes.CDLL(None, use_errno=True)
libc.access.argtypes = [ctypes.c_void_p, ctypes.c_int]
PAGE = 4096
needle = bytes(reversed(b"-yranac"))


def readable(address):
    """Whether a page is mapped: a path that cannot be read gives EFAULT, any other error says that it was read."""
    ctypes.set_errno(0)
    libc.access(address, 0)
    return ctypes.get_errno() != 14


anchors = {id(thing) >> 21 << 21 for thing in gc.get_objects()}
libc.sbrk.restype = ctypes.c_void_p
libc.sbrk.argtypes = [ctypes.c_long]
heap = libc.sbrk(0)
anchors |= {(heap >> 21 << 21) - (step << 21) for step in range(32)}
found = []
pages = 0
for anchor in sorted(anchors):
    for start in range(anchor, anchor + 2**21, PAGE):
        if not readable(start):
            continue
        pages += 1
        block = ctypes.string_at(start, PAGE)
        at = block.find(needle)
        while at >= 0:
            rest = block[at + 7 : at + 16]
            if rest[:5].isalpha():
                found.append(rest)
            at = block.find(needle, at + 1)
print("pages read:", pages)
raise RuntimeError(f"{MARK} {found[:8]}" if found or pages < 1000 else "held")
