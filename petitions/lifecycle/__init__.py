"""The petition and its life: one table of rows that say what happened, one function that moves."""
