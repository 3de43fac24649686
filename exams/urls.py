"""Lists the addresses of the exams' pages, from every room."""

from .batches.urls import urlpatterns as batches
from .results.urls import urlpatterns as results
from .reviewing.urls import urlpatterns as reviewing
from .sign_up.urls import urlpatterns as sign_up

app_name = "exams"
urlpatterns = [*sign_up, *batches, *reviewing, *results]
