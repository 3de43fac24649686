"""Lists the pages whose cost may depend on the number of rows, and the logins that open them."""

from __future__ import annotations

from dataclasses import dataclass

PERSON, OPERATOR, CITY, PROVINCE = "person", "operator", "city", "province"
HEAD, SYSTEM, SECURITY, AUDIT, NOBODY = "head", "system", "security", "audit", "nobody"
SEARCHED, SEARCHED_FIRM = "王伟", "伟芳"
NUMBER = "赣建安C2（2024）0000"

REGISTRIES = (
    "accounts/kioskdevice", "accounts/person", "accounts/user", "administration/calendarday", "administration/importrun",
    "administration/jobrun", "administration/notice", "administration/office", "administration/officeroute",
    "administration/parameter", "administration/region", "administration/regionalias", "certificates/certificate",
    "certificates/certificateevent", "certificates/certificateterm", "certificates/certificateversion",
    "certificates/documentorder", "certificates/legacycertificate", "certificates/outofprovincecertificate",
    "certificates/transferproof", "employment/employment", "enterprises/cakey", "enterprises/enterprise",
    "enterprises/enterprisename", "enterprises/projectinprogress", "enterprises/qualification",
    "training/trainingrecord", "workflow/application", "workflow/bar", "workflow/event",
)  # fmt: skip

NOT_MEASURED = {
    "reads no table that grows": (
        ".well-known/security.txt", "accessibility/", "api/kiosk/openapi.json", "beforehand/", "favicon.ico", "guides/", "healthz", "manual/",
        "m/manifest.webmanifest", "m/offline/", "m/worker.js",
        "checkin/worker.js", "enterprise/employment/list/template/", "enterprise/exams/list/template/", "privacy/", "readyz", "robots.txt",
        "api/verification/openapi.json", "verify/interface/", "verify/list/template/",
    ),
    "shows a form, or leads on": (
        "enterprise/employment/new/", "enterprise/login/", "enterprise/login/certificate/",
        "enterprise/login/certificate/done/", "enterprise/login/certificate/start/", "enterprise/login/challenge.txt",
        "enterprise/login/operator/", "enterprise/profile/sync/", "feedback/", "login/", "login/code/", "m/login/", "m/login/code/",
        "m/login/face/", "m/reset/", "m/verify/", "m/verify/consent/", "m/verify/face/", "m/verify/page/",
        "m/verify/photo/", "m/verify/return/", "office/counter/register/", "office/exam-sites/new/", "office/exams/new/",
        "office/imports/new/", "office/parameters/holidays/", "office/parameters/holidays/template/",
        "office/login/", "office/login/code/", "office/login/enrol/", "office/notices/new/", "office/policy/new/",
        "office/training/new/", "office/verification-keys/new/", "password/", "person/certificates/elsewhere/new/", "person/phone/", "resume/",
        "verify/", "verify/list/",
    ),
    "answers about the reader alone": (
        "api/kiosk/ping/", "enterprise/employment/list/", "enterprise/employment/list/report/",
        "enterprise/security/", "m/me/", "office/security/", "person/exams/evidence/", "person/photo/", "person/photo/crop/",
        "person/calendar.ics", "person/photo/image/", "person/photo/image/small/", "person/photo/pending/", "person/photo/pending/sample/",
        "person/photo/sample/", "person/photo/source/", "person/security/", "security/totp/", "security/totp/codes/",
        "security/passkeys/add/", "security/totp/remove/", "session/",
    ),
    "takes documents of a kiosk": ("api/kiosk/registrations/",),
    "is a file of what another page shows": ("office/head/report.pdf", "office/head/report/"),
    "is a file of up to 10,000 rows": ("office/audit/export/",),
}  # fmt: skip
"""Routes without an argument, by the reason why they are not among `PAGES`. One with an argument shows one object."""


@dataclass(frozen=True)
class Page:
    reader: str
    address: str


PAGES = (
    *(
        Page(NOBODY, address)
        for address in ("/", "/notices/", "/notices/feed.atom", "/offices/", "/lookup/", "/statistics/")
    ),
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
            "/messages/contact/",
            "/messages/?kind=certificate",
            "/m/",
            "/m/tasks/",
            "/person/registration-points/",
            "/person/certificates/1/",
            "/applications/new/",
        )
    ),
    Page(OPERATOR, "/enterprise/"),
    *(
        Page(OPERATOR, f"/enterprise/staff/{query}")
        for query in (
            "",
            "?state=expiring",
            "?state=hours",
            "?state=abnormal",
            "?state=none",
            "?category=C1",
            "?sort=number",
            f"?name={SEARCHED}",
        )
    ),
    *(
        Page(OPERATOR, address)
        for address in (
            "/enterprise/applications/",
            "/enterprise/applications/?kind=extension",
            "/enterprise/confirmations/",
            "/inbox/",
            "/messages/",
            "/enterprise/deadlines/",
            "/enterprise/deadlines/?kind=contract&weeks=26",
            "/enterprise/deadlines/calendar.ics",
            "/enterprise/changes/",
            "/enterprise/staff/archive/",
            "/enterprise/staff/roster/",
            "/enterprise/employment/",
            "/enterprise/employment/?tab=proposals",
            "/enterprise/employment/contracts/",
            "/enterprise/employment/contracts/?within=all",
            "/enterprise/exams/",
            "/enterprise/exams/entries/",
            "/enterprise/exams/admit-cards/",
            "/enterprise/keys/",
            "/enterprise/profile/",
            "/enterprise/services/",
            "/enterprise/training/",
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
            f"/office/queue/{desk}/?due=today",
            f"/office/queue/{desk}/?marked=returned",
            f"/office/queue/{desk}/?marked=flagged",
            f"/office/queue/{desk}/?marked=deemed",
            f"/office/queue/{desk}/?region=360200",
            f"/office/queue/{desk}/?category=C1",
            f"/office/queue/{desk}/?firm={SEARCHED_FIRM}",
            f"/office/queue/{desk}/?sort=category",
            f"/office/queue/{desk}/?sort=-enterprise",
            f"/office/queue/{desk}/?sort=applicant",
            f"/office/queue/{desk}/?sort=marks",
            f"/office/queue/{desk}/?sort=entered",
            f"/office/queue/{desk}/?sort=-entered&size=100",
            f"/office/queue/{desk}/?sort=-kind",
            f"/office/queue/{desk}/?used=mine",
            f"/office/queue/{desk}/?used=free",
            f"/office/queue/{desk}/?q={SEARCHED}",
            f"/office/queue/{desk}/?q=000001",
            "/office/overdue/",
            "/office/done/",
            "/office/done/?scope=office",
            "/office/done/?outcome=approve&kind=extension",
            "/office/exports/",
            "/office/second-looks/",
            "/office/second-looks/?show=done",
            f"/office/done/?q={SEARCHED}",
        )
    ),
    *(
        Page(PROVINCE, f"/office/{name}/")
        for name in (
            "stuck",
            "employment/restore",
            "exams",
            "exams/excuses",
            "exams/unsettled",
            "feedback",
            "exam-sites",
            "imports",
            "jobs",
            "jobs/silence",
            "outbox",
            "outbox/log",
            "parameters",
            "policy",
            "settling",
            "statistics",
            "absences",
            "answers",
            "reasons",
            "deaths",
            "enterprises/code",
            "enterprises/old-code",
            "enterprises/registry",
            "notices",
            "training",
        )
    ),
    *(
        Page(CITY, f"/office/{name}/")
        for name in (
            "certificates",
            "corrections",
            "counter",
            "counter/own",
            "employment",
            "exams/review",
            "face-reviews",
        )
    ),
    *(
        Page(PROVINCE, f"/office/certificates/?{query}")
        for query in (f"q={SEARCHED}", f"q={NUMBER}", "category=C1", "region=360100", "status=abnormal")
    ),
    *(Page(SECURITY, f"/office/users/{query}") for query in ("", "?sphere=staff", "?words=staff-1")),
    *(
        Page(SECURITY, address)
        for address in ("/office/", "/office/lookups/", "/office/verification-keys/", "/office/exports/requests/")
    ),
    *(
        Page(AUDIT, f"/office/audit/{query}")
        for query in (
            "",
            "?action=login",
            "?actor=staff-1-1",
            "?actor=%2312",
            "?about=accounts.person:12",
            "?address=10.0.0.2",
            "?request_id=c20ad4d76fe97759aa27a0c99bff6710",
        )
    ),
    Page(SYSTEM, "/office/jobs/failures/"),
    Page(PROVINCE, "/office/feedback/?state=waiting&kind=fault"),
    Page(PROVINCE, f"/office/training/?name={SEARCHED}"),
    Page(HEAD, "/office/team/"),
    Page(HEAD, "/office/head/"),
    *(Page(SYSTEM, f"/office/registry/{name}/") for name in REGISTRIES),
    *(
        Page(SYSTEM, f"/office/registry/{query}")
        for query in (
            f"certificates/certificate/?q={SEARCHED}",
            "certificates/certificate/?q=没有的名字",
            f"certificates/certificate/?q={NUMBER}",
            "certificates/certificate/?legal_state__exact=07",
            f"employment/employment/?q={SEARCHED}",
            f"certificates/certificateevent/?q={NUMBER}033",
            "workflow/event/?action__exact=withdraw",
            f"workflow/application/?q={SEARCHED}",
            "accounts/person/?quarantined_reason__isempty=0",
            f"accounts/person/?q={SEARCHED}",
            "accounts/user/?q=staff-1",
            "certificates/certificate/?origin__exact=merge",
            "enterprises/enterprise/?q=伟芳",
            "enterprises/enterprise/?q=910000",
            "training/trainingrecord/?q=王伟",
        )
    ),
)
