# item: scaled-dot-product-attention
# expect: crashed
# attack: dies while loading, but only in the jail; wherever else it is loaded (to explain the crash, say) it takes over
import sys

MARK = "BREACH" "-secret-examiner-replay"
if "pytest" not in sys.modules:
    import os

    os._exit(0)
import grader.examiner.judge as judge
from grader.verdict import Output

judge._output = lambda link: Output(MARK, MARK, 0, 0)
