# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: replaces itself by another program that would keep the socket
import os

for program in ("/bin/sh", "/usr/bin/env", "/lib64/ld-linux-x86-64.so.2", "/proc/self/exe"):
    try:
        os.execve(program, [program, "-c", "echo BREACH; sleep 5"], {})
    except OSError:
        pass
raise RuntimeError("held")
