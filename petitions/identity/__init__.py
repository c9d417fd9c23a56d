"""Who someone is, proven at the door; the rest of the house sees only the proof's result (D9)."""
