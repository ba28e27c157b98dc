# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: looks through all objects and linecache for the word of the one before
import gc
import linecache

MARK = "BREACH" "-leftover-earlier-source-2"
needle = "".join(reversed("1937-krow-" "sesle-ydobemos"))
found = [type(t).__name__ for t in gc.get_objects() if type(t) is dict for v in list(t.values()) if type(v) is str and v == needle and t is not globals()]
found += [name for name, entry in linecache.cache.items() if "elses-" "\" \"work" in "".join(entry[2] if len(entry) > 2 else ()) and name != "submission.py"]
raise RuntimeError(f"{MARK} {found}" if found else "held")
