"""Lists the addresses of the notice board."""

from django.urls import path

from . import feed, views, views_office

app_name = "administration"

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/feed.atom", feed.feed, name="feed"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/files/<int:file>/", views.attachment, name="attachment"),
    path("office/notices/", views_office.office_notices, name="office_notices"),
    path("office/notices/new/", views_office.news_new, name="news_new"),
    path("office/notices/<int:pk>/", views_office.news_edit, name="news_edit"),
    path("office/notices/<int:pk>/withdraw/", views_office.notice_withdraw, name="notice_withdraw"),
]
