"""What carries a public petition to people: its card, short link, poster, badge, and the answer as a document."""
