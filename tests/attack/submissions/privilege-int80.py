# item: scaled-dot-product-attention
# expect: crashed, error
# attack: calls of the 32-bit table, whose numbers mean something else to a filter that does not look at the architecture
import ctypes
import mmap
import os

MARK = "BREACH" "-privilege-int80"
if os.uname().machine != "x86_64":
    raise RuntimeError("held")
page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
# mov eax, 359 (socket); mov ebx, 1; mov ecx, 1; xor edx, edx; int 0x80; ret, with rbx kept
page.write(bytes.fromhex("53b867010000bb01000000b90100000031d2cd805bc3"))
function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
got = function()
raise RuntimeError(f"{MARK} {got}" if got >= 0 else "held")
