# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: searches every folder it can reach for the bank, the grader and the database
import os
import sys

MARK = "BREACH" "-secret-bank-files"
found = []
seen = 0
roots = [os.getcwd(), "/", *sys.path]
for root in roots:
    for folder, names, files in os.walk(root):
        seen += len(files)
        if folder.endswith(("/questions", "/grader", "/webapp", "/banks")) and "/site-packages/" not in folder:
            found.append(folder)
        found += [f"{folder}/{name}" for name in files if name.endswith((".sqlite", ".sqlite3", ".db", ".md")) and (
            "attention" in name or "coding" in name or name.endswith(("sqlite", "sqlite3", "db")))]
        if seen > 200_000:
            break
found = [path for path in found if "/torch/" not in path and "/numpy/" not in path]
raise RuntimeError(f"{MARK} {found[:5]}" if found else "held")
