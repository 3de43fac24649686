"""Lists the addresses of the exams' pages, from every room."""

from .batches.urls import urlpatterns as batches
from .checkin.urls import urlpatterns as checkin
from .evidence.urls import urlpatterns as evidence
from .excuses.urls import urlpatterns as excuses
from .papers.urls import urlpatterns as papers
from .results.urls import urlpatterns as results
from .reviewing.urls import urlpatterns as reviewing
from .seating.urls import urlpatterns as seating
from .sign_up.urls import urlpatterns as sign_up
from .sites.sessions.urls import urlpatterns as sessions
from .sites.urls import urlpatterns as sites
from .statistics.urls import urlpatterns as statistics

app_name = "exams"
urlpatterns = [
    *sign_up,
    *evidence,
    *excuses,
    *batches,
    *checkin,
    *reviewing,
    *results,
    *seating,
    *papers,
    *statistics,
    *sites,
    *sessions,
]
