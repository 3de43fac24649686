"""Lists the addresses of extensions by policy."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/policy/", views.policies, name="policies"),
    path("office/policy/new/", views.policy_new, name="policy_new"),
    path("office/policy/<int:pk>/", views.policy, name="policy"),
    path("office/policy/<int:pk>/start/", views.policy_start, name="policy_start"),
    path("office/policy/<int:pk>/discard/", views.policy_discard, name="policy_discard"),
    path("office/policy/<int:pk>/reverse/", views.policy_reverse, name="policy_reverse"),
]
