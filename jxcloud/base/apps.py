from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "jxcloud.base"
    label = "base"
