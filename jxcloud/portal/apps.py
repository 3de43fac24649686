from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "jxcloud.portal"
    label = "portal"
