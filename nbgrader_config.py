"""nbgrader's settings. This folder is the nbgrader course; everything that changes is under `cohort/`.

Every nbgrader command reads it, the formgrader and the trainees' commands (`nbgrader fetch_assignment`, `submit`) too.
The environment variable COURSE_EXCHANGE names the exchange that a class shares; COURSE_GRADEBOOK the address of its
gradebook, when it is not the file under `cohort/`: « postgresql+psycopg://compte:motdepasse@serveur/base ».
"""

import contextlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

try:
    from course.instructor.grading import seal
except ModuleNotFoundError as error:
    if error.name not in ("course", "course.instructor", "course.instructor.grading"):
        raise
    # nbgrader was started in a clone where the course is not installed. Without it nothing may be graded at all.
    if not (HERE / "course" / "instructor").is_dir():
        raise ModuleNotFoundError(
            "Le cours n’est pas installé : pip install soins-centres-personnes[instructor]"
        ) from None
    sys.path.append(str(HERE))
    from course.instructor.grading import seal

from course.instructor.cohort.places import Cohort  # noqa: E402

COHORT = Cohort(HERE).folder

c = get_config()  # noqa: F821 - nbgrader gives it to this file

c.CourseDirectory.course_id = "soins-centres-personnes"
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# Forward slashes on Windows too: nbgrader puts these names into regular expressions.
c.CourseDirectory.source_with_tests_directory = "cohort/source_with_tests"
c.CourseDirectory.solution_directory = "cohort/solution"
c.CourseDirectory.submitted_directory = "cohort/submitted"
c.CourseDirectory.autograded_directory = "cohort/autograded"
c.CourseDirectory.feedback_directory = "cohort/feedback"
c.CourseDirectory.db_url = Cohort(HERE).database

c.Exchange.root = os.environ.get("COURSE_EXCHANGE") or str(COHORT / "exchange")

c.ClearMarkScheme.begin_mark_scheme_delimeter = "DÉBUT DU BARÈME"
c.ClearMarkScheme.end_mark_scheme_delimeter = "FIN DU BARÈME"

# Les deux corrigés et le contre-exemple de chaque canevas sont à côté des réponses dans la page de correction. Pour les
# joindre aussi au retour que lit le stagiaire, après votre commentaire, écrivez True.
c.GatherFeedback.model_answers = False

seal(c)

# SQLite makes the file and not its folder. A trainee's copy of the course may be read-only, and needs no gradebook.
with contextlib.suppress(OSError):
    COHORT.mkdir(exist_ok=True)
