"""``python -m grader.examiner FD``: the warm process that forks examiners."""

import sys

from grader.examiner.process import main

if __name__ == "__main__":
    main(int(sys.argv[1]))
