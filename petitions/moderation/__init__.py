"""The check (90-2(4)-(8)): accept or refuse with code, clause and reasons, ask other bodies, tell the media,
place written applications; a senior moderator restores, and takes down by legal order."""
