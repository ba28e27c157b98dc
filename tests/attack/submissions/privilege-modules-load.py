# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: native code of its own: a shared object written to its folder and to memory, then loaded
import ctypes
import os
import tempfile

MARK = "BREACH" "-privilege-modules-load"
# Native code gives nothing that the filter does not already refuse; here it must at least not reach another program.
through = []
for path in ("/bin/sh", "/bin/true", "/usr/bin/env"):
    if os.access(path, os.X_OK):
        through.append(path)
libc = ctypes.CDLL(None)
if libc.system(b"exit 0") == 0:
    through.append("system")
raise RuntimeError(f"{MARK} {through}" if "system" in through else "held")
