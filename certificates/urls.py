from django.urls import path

from .authority import views as authority_views
from .bulk_extension import views as bulk_extension_views
from .documents import views as documents_views
from .out_of_province import views as out_of_province_views
from .pages import views_enterprise, views_office, views_person
from .public import views as public_views
from .public import views_verify

app_name = "certificates"

urlpatterns = [
    path("lookup/", public_views.lookup, name="lookup"),
    path("verify/", views_verify.verify, name="verify"),
    path("v/<str:token>/", public_views.version, name="version"),
    path("person/certificates/", views_person.mine, name="mine"),
    path("person/certificates/elsewhere/", out_of_province_views.elsewhere, name="elsewhere"),
    path("person/certificates/elsewhere/new/", out_of_province_views.elsewhere_new, name="elsewhere_new"),
    path("person/certificates/elsewhere/<int:pk>/", out_of_province_views.elsewhere_edit, name="elsewhere_edit"),
    path("person/certificates/elsewhere/<int:pk>/end/", out_of_province_views.elsewhere_end, name="elsewhere_end"),
    path("person/certificates/elsewhere/<int:pk>/scan/", out_of_province_views.elsewhere_scan, name="elsewhere_scan"),
    path("person/certificates/<int:pk>/", views_person.detail, name="detail"),
    path("person/certificates/<int:pk>/issue/", views_person.issue, name="issue"),
    path("person/certificates/<int:pk>/document/", documents_views.document, name="document"),
    path("person/certificates/<int:pk>/image/", documents_views.image, name="image"),
    path("person/certificates/<int:pk>/proof/", documents_views.proof, name="proof"),
    path("person/certificates/<int:pk>/print/", documents_views.print_view, name="print"),
    path("enterprise/staff/", views_enterprise.staff, name="staff"),
    path("enterprise/staff/<int:pk>/document/", documents_views.staff_document, name="staff_document"),
    path("office/certificates/", views_office.office, name="office"),
    path("office/certificates/<int:pk>/", views_office.office_detail, name="office_detail"),
    path(
        "office/certificates/elsewhere/<int:pk>/scan/",
        out_of_province_views.office_elsewhere_scan,
        name="office_elsewhere_scan",
    ),
    path("office/certificates/<int:pk>/reveal/", views_office.office_reveal, name="office_reveal"),
    path("office/certificates/<int:pk>/actions/<str:action>/", authority_views.office_action, name="office_action"),
    path(
        "office/certificates/<int:pk>/actions/overturn/<int:event>/",
        authority_views.office_overturn,
        name="office_overturn",
    ),
    path("office/certificates/<int:pk>/document/", documents_views.office_document, name="office_document"),
    path("office/policy/", bulk_extension_views.policies, name="policies"),
    path("office/policy/new/", bulk_extension_views.policy_new, name="policy_new"),
    path("office/policy/<int:pk>/", bulk_extension_views.policy, name="policy"),
    path("office/policy/<int:pk>/start/", bulk_extension_views.policy_start, name="policy_start"),
    path("office/policy/<int:pk>/discard/", bulk_extension_views.policy_discard, name="policy_discard"),
    path("office/policy/<int:pk>/reverse/", bulk_extension_views.policy_reverse, name="policy_reverse"),
]
