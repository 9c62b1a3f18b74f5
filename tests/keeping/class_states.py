"""The whole state of a class, in a form that can be compared."""

from promotion import Trainee

from course.instructor.cohort.gradebook import opened
from course.instructor.keeping import dump
from course.instructor.keeping.archives import is_apart

AWA = Trainee("awa.o", "Awa", "Ouédraogo", "awa@exemple.org", "Groupe 3")
PAUL = Trainee("paul", "Paul", "Kaboré", "paul@exemple.org", "Groupe 3")
ZOE = Trainee("zoé d’été", "Zoé", "N’Guessan-Été", "zoe@exemple.org")
LI = Trainee("李娜", "娜娜娜娜", "李李李李")


def files(cohort):
    """Every file by path: its bytes, its permissions, when it was changed; and every empty folder."""
    found = {}
    for path in cohort.folder.rglob("*"):
        name = path.relative_to(cohort.folder).as_posix()
        if is_apart(name.partition("/")[0]) or name.startswith("gradebook.db"):
            continue
        if path.is_file() and not path.is_symlink():
            status = path.stat()
            found[name] = (path.read_bytes(), status.st_mode & 0o777, status.st_mtime_ns)
        elif path.is_dir() and not any(path.iterdir()):
            found[name] = "empty"
    return found


def rows(cohort):
    """Every row of every table."""
    with opened(cohort, even_lost=True) as connection:
        return {table.name: list(dump.rows(connection, table)) for table in dump.tables(connection)}
