"""Who hears of which legal step, by letter and in the inbox. It reads transitions and changes no petition."""
