"""A petition's legal steps in the reader's language: the same words for citizens, for the check and for the body."""
