"""The project: what is installed and where it answers. Nothing imports it."""

from nourx_site.celery import app as celery_app

__all__ = ["celery_app"]
