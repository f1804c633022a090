"""Pages on documents: reading, handing in, answering a request, sharing by link."""
