# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: looks for the notes of the one before
import os
import tempfile

MARK = "BREACH" "-leftover-files-2"
found = []
for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "/run", "/", os.getcwd(), os.path.expanduser("~")):
    try:
        found += [name for name in os.listdir(folder) if name.startswith("attention-attack")]
    except OSError:
        pass
raise RuntimeError(f"{MARK} {found}" if found else "held")
