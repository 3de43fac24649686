"""Lists the addresses of the enterprises' pages, from every room."""

from .business_registry.urls import urlpatterns as business_registry
from .ca_login.urls import urlpatterns as ca_login
from .code_change.urls import urlpatterns as code_change
from .operators.urls import urlpatterns as operators
from .profile.urls import urlpatterns as profile
from .register.urls import urlpatterns as register

app_name = "enterprises"
urlpatterns = [*profile, *ca_login, *operators, *business_registry, *code_change, *register]
