"""Declares the apps of the portal and of its registries."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class RegistryConfig(SimpleAdminConfig):
    """Is Django's admin with our site as its default one."""

    default = False
    default_site = "portal.admin_site.RegistrySite"


class PortalConfig(AppConfig):
    default = True
    name = "portal"
    label = "portal"

    def ready(self) -> None:
        from .admin_site import load_registries  # noqa: PLC0415  models load later
        from .navigation import counts  # noqa: F401, PLC0415  models load later

        load_registries()
