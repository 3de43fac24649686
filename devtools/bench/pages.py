"""Lists the pages whose cost may depend on the number of rows, and the logins that open them."""

from __future__ import annotations

from dataclasses import dataclass

PERSON, OPERATOR, CITY, PROVINCE = "person", "operator", "city", "province"
SYSTEM, SECURITY, AUDIT, NOBODY = "system", "security", "audit", "nobody"
SEARCHED = "王伟"
NUMBER = "赣建安C2（2024）0000"

REGISTRIES = (
    "accounts/person", "accounts/user", "certificates/certificate", "certificates/certificateevent",
    "certificates/certificateterm", "certificates/certificateversion", "certificates/documentorder",
    "certificates/legacycertificate", "certificates/outofprovincecertificate", "certificates/transferproof",
    "employment/employment", "enterprises/enterprise", "workflow/application", "workflow/bar", "workflow/event",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    reader: str
    address: str


PAGES = (
    *(Page(NOBODY, address) for address in ("/", "/notices/")),
    *(
        Page(PERSON, address)
        for address in (
            "/person/",
            "/person/certificates/",
            "/person/certificates/elsewhere/",
            "/person/employment/",
            "/person/training/",
            "/person/exams/",
            "/person/profile/",
            "/applications/",
            "/inbox/",
            "/messages/",
            "/m/",
            "/person/registration-points/",
        )
    ),
    Page(OPERATOR, "/enterprise/"),
    *(
        Page(OPERATOR, f"/enterprise/staff/{query}")
        for query in ("", "?state=expiring", "?state=abnormal", "?state=none", "?category=C1", f"?name={SEARCHED}")
    ),
    *(
        Page(OPERATOR, address)
        for address in (
            "/enterprise/applications/",
            "/enterprise/applications/?kind=extension",
            "/enterprise/confirmations/",
            "/inbox/",
            "/messages/",
            "/enterprise/employment/",
            "/enterprise/exams/",
            "/enterprise/exams/entries/",
            "/enterprise/keys/",
        )
    ),
    *(
        Page(reader, address)
        for reader, desk in ((CITY, "municipal"), (PROVINCE, "provincial"))
        for address in (
            "/office/",
            f"/office/queue/{desk}/",
            f"/office/queue/{desk}/?kind=extension",
            f"/office/queue/{desk}/?due=late",
            f"/office/queue/{desk}/?due=soon",
            f"/office/queue/{desk}/?q={SEARCHED}",
            f"/office/queue/{desk}/?q=000001",
            "/office/overdue/",
            "/office/done/",
            "/office/done/?scope=office",
        )
    ),
    *(
        Page(PROVINCE, f"/office/{name}/")
        for name in (
            "stuck",
            "employment/restore",
            "exams",
            "imports",
            "jobs",
            "parameters",
            "policy",
            "settling",
        )
    ),
    *(
        Page(CITY, f"/office/{name}/")
        for name in ("certificates", "corrections", "counter", "employment", "exams/review", "face-reviews")
    ),
    *(
        Page(PROVINCE, f"/office/certificates/?{query}")
        for query in (f"q={SEARCHED}", f"q={NUMBER}", "category=C1", "region=360100", "status=abnormal")
    ),
    *(Page(SECURITY, f"/office/users/{query}") for query in ("", "?sphere=staff", "?words=staff-1")),
    *(Page(SECURITY, address) for address in ("/office/", "/office/lookups/")),
    *(Page(AUDIT, f"/office/audit/{query}") for query in ("", "?action=login", "?actor=staff-1-1")),
    Page(SYSTEM, "/office/jobs/failures/"),
    *(Page(SYSTEM, f"/office/registry/{name}/") for name in REGISTRIES),
    *(
        Page(SYSTEM, f"/office/registry/{query}")
        for query in (
            f"certificates/certificate/?q={SEARCHED}",
            "certificates/certificate/?q=没有的名字",
            f"certificates/certificate/?q={NUMBER}",
            "certificates/certificate/?legal_state__exact=07",
            f"employment/employment/?q={SEARCHED}",
            f"certificates/certificateevent/?q={NUMBER}00012",
            f"workflow/application/?q={SEARCHED}",
            "accounts/person/?quarantined_reason__isempty=0",
            f"accounts/person/?q={SEARCHED}",
            "accounts/user/?q=staff-1",
        )
    ),
)
