"""Publishing: a report from its draft to what the panel and the public read, frozen for ever."""
