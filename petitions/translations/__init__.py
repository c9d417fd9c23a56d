"""The catalogues and how they are collected."""
