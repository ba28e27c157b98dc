# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: looks for secrets in its environment, as Python shows it and as it lies in memory
import ctypes
import os

MARK = "BREACH" "-secret-environment"
texts = [f"{name}={value}" for name, value in os.environ.items()]
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
for index in range(1000):
    if not environ or not environ[index]:
        break
    texts.append(environ[index].decode("utf-8", "replace"))
words = ("canary" "-", "SECRET", "TOKEN", "PASSWORD", "DATABASE", "SSH_", "AWS_", "API_KEY", "VIRTUAL_ENV", "SUDO_", "PWD=/")
found = sorted({text.split("=")[0] for text in texts for word in words if word in text})
raise RuntimeError(f"{MARK} {found}" if found else "held")
