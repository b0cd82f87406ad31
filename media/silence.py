"""When a sound counts as silent: one rule for the studio's alarm and for the checklist before a meeting."""

SILENT_DBFS = -50.0
"""A mean below it."""
SILENT_SECONDS = 10
"""For so long."""
