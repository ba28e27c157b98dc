# item: attention-weighted-sum
# expect: error
# says: held
# attack: empties read-only files by opening them with O_TRUNC, and reopens its own descriptors for writing
MARK = "BREACH" "-privilege-reopens-read-only"
import os

through = []
for path in (os.__file__, "/etc/passwd", "/run/workshop/sandbox.sock", "/proc/self/fd/3", "/dev/fd/3", "/dev/zero"):
    for flags in (os.O_RDONLY | os.O_TRUNC, os.O_WRONLY, os.O_RDWR, os.O_PATH | os.O_RDWR, 3):
        try:
            fd = os.open(path, flags)
        except OSError:
            continue
        try:
            os.ftruncate(fd, os.fstat(fd).st_size)
            through.append((path, flags))
        except OSError:
            pass
        try:
            os.fchmod(fd, 0o644)
            through.append((path, flags, "fchmod"))
        except OSError:
            pass
raise RuntimeError(f"{MARK} {through}" if through or os.stat(os.__file__).st_size < 1000 else "held")
