"""``python -m grader.examiner FD``: the warm process that forks examiners."""

import sys

from grader.examiner.starter import end_with_starter

if __name__ == "__main__":
    control = int(sys.argv[1])
    end_with_starter(control)
    from grader.examiner.process import main  # torch takes seconds

    main(control)
