from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = "企业"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.people.home_boxes import register_profile_box
        from administration.imports.services import register_importer
        from administration.nightly import register_nightly
        from enterprises.ca_login.cakey import lists

        from .profile import profile_box  # once the models are ready
        from .register import imports

        register_nightly("cakey_lists", "CA 锁吊销列表更新（每小时）", lists.refresh, labels=lists.LABELS)

        register_importer("enterprises", "企业", imports.import_enterprises, columns=imports.ENTERPRISE_COLUMNS)
        register_importer("projects", "在建项目", imports.import_projects, columns=imports.PROJECT_COLUMNS)
        register_importer(
            "constructors", "注册建造师", imports.import_constructors, columns=imports.CONSTRUCTOR_COLUMNS
        )
        register_profile_box(profile_box.qualification_box)
