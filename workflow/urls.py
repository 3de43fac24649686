"""Lists the addresses of the workflow's pages."""

from django.urls import path

from .views import (
    bulk,
    confirm,
    contact,
    dashboard,
    detail,
    edit,
    guides,
    inbox,
    messages,
    mobile,
    pictures,
    queue,
    review,
    start,
)

app_name = "workflow"

urlpatterns = [
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:kind>/", guides.guide, name="guide"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/read/", messages.messages_read, name="messages_read"),
    path("messages/<int:pk>/open/", messages.message_open, name="message_open"),
    path("applications/", inbox.mine, name="mine"),
    path("applications/new/", start.services_page, name="services"),
    path("applications/new/<slug:kind>/", start.start, name="start"),
    path("applications/bulk/<uuid:key>/", bulk.result, name="bulk_result"),
    path("applications/<slug:number>/", detail.detail, name="detail"),
    path("applications/<slug:number>/edit/", edit.edit, name="edit"),
    path("applications/<slug:number>/discard/", edit.discard, name="discard"),
    path("applications/<slug:number>/decide/", confirm.confirm, name="decide"),
    path("applications/<slug:number>/withdraw/", detail.withdraw, name="withdraw"),
    path("applications/<slug:number>/print/", detail.print_view, name="print"),
    path("applications/<slug:number>/attachments/<int:pk>/", detail.attachment, name="attachment"),
    path("office/applications/<slug:number>/photo/", pictures.photo, name="photo"),
    path("office/applications/<slug:number>/contact/", contact.contact, name="contact"),
    path("office/applications/<slug:number>/portrait/", pictures.portrait, name="portrait"),
    path("enterprise/services/", start.enterprise_services, name="enterprise_services"),
    path("enterprise/applications/", inbox.mine, name="enterprise_mine"),
    path("enterprise/confirmations/", confirm.confirmations, name="confirmations"),
    path("enterprise/confirmations/<slug:number>/", confirm.confirm, name="confirm"),
    path("m/", mobile.mobile_inbox, name="mobile_inbox"),
    path("m/applications/<slug:number>/", mobile.mobile_detail, name="mobile_detail"),
    path("m/applications/<slug:number>/<slug:choice>/", mobile.mobile_decide, name="mobile_decide"),
    path("office/", dashboard.dashboard, name="office"),
    path("office/done/", queue.done, name="done"),
    path("office/stuck/", queue.stuck, name="stuck"),
    path("office/stuck/retry/", queue.stuck_retry, name="stuck_retry"),
    path("office/overdue/", queue.overdue, name="overdue"),
    path("office/queue/<slug:desk>/", queue.queue, name="queue"),
    path("office/applications/<slug:number>/", review.review, name="review"),
]
