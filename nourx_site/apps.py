from django.apps import AppConfig


class NourxSiteConfig(AppConfig):
    name = "nourx_site"
    label = "nourx_site"
    verbose_name = "NOURX"

    def ready(self) -> None:
        from nourx_site import observation

        observation.start()
