"""Lists the addresses of extensions by policy."""

from django.urls import path

from . import views, views_approval, views_list

urlpatterns = [
    path("office/policy/", views.policies, name="policies"),
    path("office/policy/new/", views.policy_new, name="policy_new"),
    path("office/policy/<int:pk>/", views.policy, name="policy"),
    path("office/policy/<int:pk>/list/", views_list.policy_list, name="policy_list"),
    path("office/policy/<int:pk>/export/<slug:form>/", views_list.policy_export, name="policy_export"),
    path("office/policy/<int:pk>/start/", views.policy_start, name="policy_start"),
    path("office/policy/<int:pk>/approve/", views_approval.policy_approve, name="policy_approve"),
    path("office/policy/<int:pk>/send-back/", views_approval.policy_send_back, name="policy_send_back"),
    path("office/policy/<int:pk>/recall/", views_approval.policy_recall, name="policy_recall"),
    path("office/policy/<int:pk>/discard/", views.policy_discard, name="policy_discard"),
    path("office/policy/<int:pk>/reverse/", views.policy_reverse, name="policy_reverse"),
    path("office/policy/<int:pk>/reversal/approve/", views_approval.reversal_approve, name="policy_reversal_approve"),
    path(
        "office/policy/<int:pk>/reversal/send-back/",
        views_approval.reversal_send_back,
        name="policy_reversal_send_back",
    ),
    path("office/policy/<int:pk>/reversal/recall/", views_approval.reversal_recall, name="policy_reversal_recall"),
]
