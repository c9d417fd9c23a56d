"""The drafting room: write a petition, see similar ones, check the answers, file, withdraw (90-1, 90-2)."""
