"""The public face: lists, the petition's page with its timeline, the archive, and the law in plain words."""
