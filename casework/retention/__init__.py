"""The end of a case’s papers: how long they are kept, what holds them, who approves, what is erased."""
