"""Finding petitions by their words: word forms of Kazakh and Russian, and petitions that look alike."""
