"""Papers written from a template: closed fields such as {{ client.nom }}, and what fills them."""
