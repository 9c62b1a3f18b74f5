"""« Qui travaille ? »: the small form that asks for the members' names and the group's."""
