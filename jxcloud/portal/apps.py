from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class RegistryConfig(SimpleAdminConfig):
    """Django's admin with our site as its default one."""

    default = False
    default_site = "jxcloud.portal.registry.RegistrySite"


class PortalConfig(AppConfig):
    default = True
    name = "jxcloud.portal"
    label = "portal"

    def ready(self) -> None:
        from .counts import register_counts  # once the models are ready
        from .registry import load_registries

        register_counts()
        load_registries()
