"""Lists the addresses of the pages about employment, from every room."""

from .ending.urls import urlpatterns as ending
from .proposing.by_list.urls import urlpatterns as by_list
from .proposing.urls import urlpatterns as proposing
from .relations.urls import urlpatterns as relations
from .renewing.contract_ends.urls import urlpatterns as contract_ends
from .renewing.urls import urlpatterns as renewing
from .restoring.urls import urlpatterns as restoring

app_name = "employment"
urlpatterns = [*relations, *by_list, *proposing, *contract_ends, *renewing, *ending, *restoring]
