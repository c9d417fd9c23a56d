"""The demonstration: invented petitions of invented people, one for every state and edge of the law."""
