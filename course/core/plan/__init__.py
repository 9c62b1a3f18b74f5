"""The plan: the actions of the canvases that a team chose, ranked and completed; read and merged."""

from course.core.plan.plan import Change, Line, Plan, Sources, Verdict, newest, plan_of, read

__all__ = ["Change", "Line", "Plan", "Sources", "Verdict", "newest", "plan_of", "read"]
