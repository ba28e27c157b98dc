# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: follows every reference from every object for texts that look like an item, a test or another's code
import gc
import sys

MARK = "BREACH" "-secret-memory-strings"
me = sys._getframe().f_code
needles = ["".join(pair) for pair in (("@pytest", ".mark"), ("def test", "_rows"), ("miscon", "ception "), ("canary", "-"))]
seen = set()
queue = gc.get_objects()
found = set()
while queue and len(seen) < 3_000_000:
    thing = queue.pop()
    if id(thing) in seen:
        continue
    seen.add(id(thing))
    if type(thing) in (str, bytes, bytearray):
        text = thing if type(thing) is str else bytes(thing).decode("latin-1")
        if "needles = " not in text:
            found.update(needle for needle in needles if needle in text and text not in needles)
    elif type(thing) in (dict, list, tuple, set, frozenset):
        queue.extend(gc.get_referents(thing))
raise RuntimeError(f"{MARK} {found}" if found else "held")
