"""Lists the addresses on which clerks merge two records of one person."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/counter/<int:pk>/merge/", views.merge_search, name="merge_search"),
    path("office/counter/<int:pk>/merge/<int:other>/", views.merge_ask, name="merge_ask"),
    path("office/counter/<int:pk>/unmerge/", views.merge_undo, name="merge_undo"),
    path("office/merges/<int:pk>/", views.merge, name="merge"),
]
