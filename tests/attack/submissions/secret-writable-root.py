# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: writes into the standard library, torch, its own root and the folders of configuration
import os
import sys
import torch

MARK = "BREACH" "-secret-writable-root"
through = []
for folder in ("/", os.path.dirname(os.__file__), os.path.dirname(torch.__file__), sys.prefix, "/usr/lib", "/etc", "/dev", "/root"):
    path = f"{folder}/attention-attack.pth"
    try:
        with open(path, "w"):
            through.append(folder)
        os.unlink(path)
    except OSError:
        pass
for path in (os.__file__, torch.__file__, sys.executable or "/usr/bin/python3"):
    try:
        open(path, "r+b").close()
        through.append(path)
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
