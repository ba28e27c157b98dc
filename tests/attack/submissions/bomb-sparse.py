# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: a sparse file of a terabyte, by truncate, by seek and by fallocate
import os
import tempfile

MARK = "BREACH" "-bomb-sparse"
through = []
path = f"{tempfile.gettempdir()}/attention-attack-sparse"


def far(file):
    file.seek(2**40)
    file.write(b"x")


for name, attempt in {
    "truncate": lambda file: file.truncate(2**40),
    "seek": far,
    "fallocate": lambda file: os.posix_fallocate(file.fileno(), 0, 2**33),
}.items():
    try:
        with open(path, "wb", buffering=0) as file:
            attempt(file)
        through.append(name)
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
