"""Files for accountants, written line by line from rows of entries: no file is held in memory."""
