"""Lists the addresses of imports."""

from django.urls import path

from . import views, views_preview, views_reversal

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.import_new, name="new"),
    path("template/<slug:kind>/", views.import_template, name="template"),
    path("<int:pk>/", views.import_detail, name="detail"),
    path("<int:pk>/confirm/", views_preview.import_confirm, name="confirm"),
    path("<int:pk>/discard/", views_preview.import_discard, name="discard"),
    path("<int:pk>/reversal/", views_reversal.reversal, name="reversal"),
    path("<int:pk>/problems/", views.problems_file, name="problems_file"),
]
