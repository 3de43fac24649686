"""Lists the addresses of certificates, from every room."""

from .authority import urls as authority
from .bulk_extension import urls as bulk_extension
from .documents import urls as documents
from .legacy.settling import urls as settling
from .out_of_province import urls as out_of_province
from .pages import urls as pages
from .public import urls as public
from .public.batch_verification import urls as batch_verification
from .public.sharing import urls as sharing

app_name = "certificates"

urlpatterns = [
    *public.urlpatterns,
    *authority.urlpatterns,
    *batch_verification.urlpatterns,
    *bulk_extension.urlpatterns,
    *documents.urlpatterns,
    *out_of_province.urlpatterns,
    *pages.urlpatterns,
    *settling.urlpatterns,
    *sharing.urlpatterns,
]
