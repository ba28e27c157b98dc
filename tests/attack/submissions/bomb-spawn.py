# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: os.posix_spawn and the exec family
import os

MARK = "BREACH" "-bomb-spawn"
through = []
for name, attempt in {
    "posix_spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "posix_spawnp": lambda: os.posix_spawnp("true", ["true"], {}),
    "system": lambda: os.system("exit 0") == 0 or 1 / 0,
    "popen": lambda: os.popen("echo through").read() == "through\n" or 1 / 0,
}.items():
    try:
        attempt()
        through.append(name)
    except (OSError, ZeroDivisionError):
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
