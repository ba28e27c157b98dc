# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: looks for paths and the examiner's command line in sys.argv, sys.orig_argv and the interpreter's own state
import os
import sys

MARK = "BREACH" "-secret-arguments"
texts = [*sys.argv, *sys.orig_argv, os.getcwd() + "/", sys.executable or "", *sys.path]
found = sorted({text for text in texts for word in ("canary" "-", "pytest", "grader", ".md", "banks", "examiner") if word in text})
raise RuntimeError(f"{MARK} {found}" if found else "held")
