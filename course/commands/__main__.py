"""`python -m course.commands`, where the command `course` is not on the path."""

import sys

from course.commands import main

sys.exit(main())
