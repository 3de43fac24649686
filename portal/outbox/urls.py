"""Lists the addresses of what leaves the portal."""

from django.urls import path

from . import receipts, views

app_name = "outbox"
urlpatterns = [
    path("office/outbox/", views.choice_list, name="choices"),
    path("office/outbox/log/", views.log, name="log"),
    path("office/outbox/<slug:event>/", views.choice_edit, name="choice"),
    path("api/sms/receipts/", receipts.receipts, name="receipts"),
]
