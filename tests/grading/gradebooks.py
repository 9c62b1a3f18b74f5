"""All that two gradings leave behind, in a form that can be compared: keys are random, what they stand for is not."""

from sqlalchemy import MetaData, create_engine, inspect

_FORMS = {}


def known(engine):
    """The tables of a gradebook, by their columns: those of many are the same, and looking for their keys is slow."""
    columns = {name: str(of_table) for (_, name), of_table in inspect(engine).get_multi_columns().items()}
    key = (engine.dialect.name, *sorted(columns.items()))
    if key not in _FORMS:
        _FORMS[key] = MetaData()
        _FORMS[key].reflect(engine)
    return _FORMS[key]


def tables(url):
    """Every table of nbgrader's gradebook as sorted rows, each key replaced by what it stands for."""
    engine = create_engine(url)
    metadata = known(engine)
    with engine.connect() as connection:
        rows = {
            table.name: [dict(row._mapping) for row in connection.execute(table.select())]
            for table in metadata.sorted_tables
            if not table.name.startswith("course_")
        }
    engine.dispose()
    meant = {}
    for name, parts in (
        ("assignment", ("name",)),
        ("notebook", ("assignment_id", "name")),
        ("base_cell", ("notebook_id", "name", "type")),
        ("submitted_assignment", ("assignment_id", "student_id")),
        ("submitted_notebook", ("assignment_id", "notebook_id")),
        ("grade", ("notebook_id", "cell_id")),
        ("comment", ("notebook_id", "cell_id")),
        ("source_cell", ("notebook_id", "name")),
    ):
        for row in rows[name]:
            meant[row["id"]] = (name, *(meant.get(row[part], row[part]) for part in parts))
    return {
        name: sorted(repr({column: meant.get(value, value) for column, value in row.items()}) for row in found)
        for name, found in rows.items()
    }


def files(folder):
    """Every file below a folder by path: its bytes and its permissions; nothing behind a link."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
