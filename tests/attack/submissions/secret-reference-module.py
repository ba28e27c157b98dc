# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: imports the reference, the tests and their fixtures by every name they might have
import importlib
import sys

MARK = "BREACH" "-secret-reference-module"
found = []
for name in ("reference", "tests", "suite", "shared", "conftest", "misconception", "starter", "solution", "variant"):
    for load in (__import__, importlib.import_module):
        try:
            load(name)
            found.append(name)
        except ImportError:
            pass
import linecache
found += [name for name in linecache.cache if name.endswith(".md") or "reference" in name]
raise RuntimeError(f"{MARK} {sorted(set(found))}" if found else "held")
