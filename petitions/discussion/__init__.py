"""Comments on open petitions (90-3(3)): writing, reporting, moderating, the body's answers."""
