from django.urls import path

from .views import authority, documents, elsewhere, mine, office, policy, public, staff, verify

app_name = "certificates"

urlpatterns = [
    path("lookup/", public.lookup, name="lookup"),
    path("verify/", verify.verify, name="verify"),
    path("v/<str:token>/", public.version, name="version"),
    path("person/certificates/", mine.mine, name="mine"),
    path("person/certificates/elsewhere/", elsewhere.elsewhere, name="elsewhere"),
    path("person/certificates/elsewhere/new/", elsewhere.elsewhere_new, name="elsewhere_new"),
    path("person/certificates/elsewhere/<int:pk>/", elsewhere.elsewhere_edit, name="elsewhere_edit"),
    path("person/certificates/elsewhere/<int:pk>/end/", elsewhere.elsewhere_end, name="elsewhere_end"),
    path("person/certificates/elsewhere/<int:pk>/scan/", elsewhere.elsewhere_scan, name="elsewhere_scan"),
    path("person/certificates/<int:pk>/", mine.detail, name="detail"),
    path("person/certificates/<int:pk>/issue/", mine.issue, name="issue"),
    path("person/certificates/<int:pk>/document/", documents.document, name="document"),
    path("person/certificates/<int:pk>/image/", documents.image, name="image"),
    path("person/certificates/<int:pk>/proof/", documents.proof, name="proof"),
    path("person/certificates/<int:pk>/print/", documents.print_view, name="print"),
    path("enterprise/staff/", staff.staff, name="staff"),
    path("enterprise/staff/<int:pk>/document/", documents.staff_document, name="staff_document"),
    path("office/certificates/", office.office, name="office"),
    path("office/certificates/<int:pk>/", office.office_detail, name="office_detail"),
    path("office/certificates/elsewhere/<int:pk>/scan/", elsewhere.office_elsewhere_scan, name="office_elsewhere_scan"),
    path("office/certificates/<int:pk>/reveal/", office.office_reveal, name="office_reveal"),
    path("office/certificates/<int:pk>/actions/<str:action>/", authority.office_action, name="office_action"),
    path(
        "office/certificates/<int:pk>/actions/overturn/<int:event>/", authority.office_overturn, name="office_overturn"
    ),
    path("office/certificates/<int:pk>/document/", documents.office_document, name="office_document"),
    path("office/policy/", policy.policies, name="policies"),
    path("office/policy/new/", policy.policy_new, name="policy_new"),
    path("office/policy/<int:pk>/", policy.policy, name="policy"),
    path("office/policy/<int:pk>/start/", policy.policy_start, name="policy_start"),
    path("office/policy/<int:pk>/discard/", policy.policy_discard, name="policy_discard"),
    path("office/policy/<int:pk>/reverse/", policy.policy_reverse, name="policy_reverse"),
]
