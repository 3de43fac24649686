"""README's section Production, followed to the letter, until a certificate is signed and verified; then what must go wrong."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from accounts.credentials.totp import code_at
from common.text.certificate_number import format_number
from devtools.demo.accounts import draw_face
from devtools.demo_servers.time_stamping import demo_tsa_server
from tests.certificates.ecert.independent import make_nss_database, pdfsig, validated
from tests.factories import make_id_number
from tests.idphoto_pictures import good_photo
from tests.ports import is_open

from .installation import HOST, ROOT, Installation, blocks_of_readme, children_of, wait_for
from .visitor import Answer, Visitor

NEW_PASSWORD = "Hongcheng-9517-xinxi"
PERSON, ID_NUMBER = "欧阳建", make_id_number(517)
NUMBER = format_number("A", 2024, 517)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("portal"))
    installation.etc.mkdir()
    installation.var.mkdir()
    nginx = None
    try:
        installation.make_database()
        installation.run_block(0)
        pki = installation.etc / "pki"
        with demo_tsa_server(pki / "ecert-tsa.pem", pki / "ecert-tsa.key") as time_stamps:
            installation.fill_in(installation.settings(time_stamps))
            said = installation.run_block(1)
            assert "no issues" in said, said
            installation.web = installation.service("jxcloud-web.service")
            installation.worker = installation.service("jxcloud-worker.service")
            nginx = installation.start_nginx()
            wait_for(lambda: is_ready(installation), "the portal is not ready", installation)
            for port in (installation.public, installation.plain):
                wait_for(lambda port=port: is_open(port), "nginx does not listen", installation)  # type: ignore[misc]
            yield installation
    finally:
        for service in (nginx, installation.web, installation.worker):
            if service is not None:
                service.stop()
        installation.cluster.stop()


def probe(portal: Installation, address: str, *, port: int = 0, host: str = "") -> tuple[int, str]:
    """Of the web process itself, by its address."""
    connection = http.client.HTTPConnection("127.0.0.1", port or portal.port, timeout=120)
    try:
        connection.request("GET", address, headers={"Host": host} if host else {})
        reply = connection.getresponse()
        return reply.status, reply.headers.get("Location") or reply.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def is_ready(portal: Installation) -> bool:
    status, body = probe(portal, "/readyz")
    return status == 200 and json.loads(body)["worker"] == "alive"


def visitor(portal: Installation) -> Visitor:
    return Visitor(HOST, portal.public, portal.etc / "pki" / "tls-root.pem")


# --- the journey ---


def first_login(portal: Installation, login: str, password: str) -> Visitor:
    """Of staff and administrators: an authenticator and a password of one's own."""
    browser = visitor(portal)
    page = browser.post("/office/login/", {"login": login, "password": password})
    secret = re.sub(r"\s", "", page.find(r'totp-key">([^<]+)<'))
    page = browser.post("/office/login/enrol/", {"code": code_at(secret, datetime.now(UTC))})
    assert page.status == 200, page.text
    change_password(browser)
    return browser


def change_password(browser: Visitor) -> None:
    page = browser.post("/password/", {"new_password": NEW_PASSWORD, "repeated_password": NEW_PASSWORD})
    assert page.status == 200, page.text


def open_staff(sysadmin: Visitor, secadmin: Visitor) -> str:
    """The initial password of a clerk who may register persons."""
    add = "/office/registry/accounts/user/add/"
    office = sysadmin.get(add).find(r'<option value="(\d+)">南昌市实名制登记点</option>')
    values = {"login": "clerk", "name": "王登记", "id_number": make_id_number(518), "office": office}
    password = sysadmin.post(add, values).find(r'font-monospace">([^<]+)<')
    pk = secadmin.get("/office/users/?words=clerk").find(r"/office/users/(\d+)/")
    page = secadmin.post(
        f"/office/users/{pk}/duties/", {"duties": "register", "reason": "新任"}, page=f"/office/users/{pk}/"
    )
    assert "职责已保存" in page.text
    return password


def register(clerk: Visitor) -> str:
    """The person's initial password."""
    card = {
        "id_number": ID_NUMBER,
        "name": PERSON,
        "sex": "male",
        "ethnicity": "汉",
        "birth_date": "1985-06-15",
        "address": "江西省南昌市红谷滩区会展路1号",
        "valid_from": "2020-01-01",
        "valid_to": "2040-01-01",
    }
    page = clerk.post(
        "/office/counter/register/", card, {"portrait": ("p.jpg", draw_face(random.Random(5)))}, page="/office/counter/"
    )
    return page.find(r'font-monospace">([^<]+)<')


def import_old_certificate(portal: Installation) -> None:
    year = date.today().year
    file = portal.folder / "old.csv"
    header = "姓名,身份证号码,证书编号,证书类别,单位名称,职务,初次发证日期,有效期开始,有效期至,状态"
    row = f"{PERSON},{ID_NUMBER},{NUMBER},A,江西赣江路桥建设有限公司,总经理,2024-03-01,2024-03-01,{year + 2}-02-28,有效"
    file.write_text(f"{header}\n{row}\n")
    step = "cd /opt/jxcloud; set -a; . /etc/jxcloud/jxcloud.env; set +a; .venv/bin/python manage.py import_legacy"
    assert "新增 1" in portal.run(f"{step} {file}")


def signed_certificate(portal: Installation, person: Visitor) -> bytes:
    page = person.post("/person/photo/", {}, {"photo": ("photo.jpg", good_photo())})
    assert "证件照已保存" in page.text, page.text
    address = person.get("/person/certificates/").find(r'href="(/person/certificates/\d+/)"')
    page = person.post(f"{address}issue/", {}, page=address)
    assert "已提交签发" in page.text
    found: list[Answer] = []

    def is_there() -> bool:
        answer = person.get(f"{address}document/", follow=False)
        found.append(answer)
        return answer.status == 200

    wait_for(is_there, "the certificate is not signed", portal)
    assert found[-1].headers["Content-Type"] == "application/pdf"
    return found[-1].body


def test_a_stranger_comes_from_readme_to_a_signed_certificate(portal: Installation, tmp_path: Path) -> None:
    said = portal.run_block(2)
    passwords = dict(re.findall(r"^((?:sys|sec|aud)admin\S*)  (\S+)$", said, re.MULTILINE))
    assert [login[:8] for login in passwords] == ["sysadmin", "secadmin", "audadmin"]
    assert "试运行" in said
    assert "新增 6" in said
    sysadmin, secadmin, _ = (first_login(portal, login, password) for login, password in passwords.items())
    clerk = first_login(portal, "clerk", open_staff(sysadmin, secadmin))
    import_old_certificate(portal)
    password = register(clerk)
    person = visitor(portal)
    person.post("/login/", {"id_number": ID_NUMBER, "password": password})
    change_password(person)
    signed = signed_certificate(portal, person)

    pki = portal.etc / "pki"
    authority = SimpleNamespace(root=pki / "ecert-root.pem", crls=[pki / "ecert-root.crl", pki / "ecert-ca.crl"])
    file = tmp_path / "certificate.pdf"
    file.write_bytes(signed)
    report = pdfsig(file, make_nss_database(authority, tmp_path / "nss"))
    assert "Signature is Valid." in report
    assert "Certificate is Trusted." in report
    status = validated(signed, authority)
    assert status.intact
    assert status.trusted
    assert status.timestamp_validity is not None
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert PERSON in text
    assert "某省 住房和城乡建设厅" in text, "the blank of the setting is printed"


# --- what the proxy does ---


def test_probes_answer_by_address_and_nothing_else_does(portal: Installation) -> None:
    assert probe(portal, "/healthz") == (200, "ok\n")
    # Its worker reports every few seconds, and on a loaded machine a little later than that.
    wait_for(lambda: is_ready(portal), "not ready", portal)
    wait_for(lambda: "warnings" not in json.loads(probe(portal, "/readyz")[1] or "{}"), "it warns", portal)
    assert probe(portal, "/login/")[0] == 400
    assert probe(portal, "/login/", host=HOST) == (301, f"https://{HOST}/login/")


def test_http_leads_to_https(portal: Installation) -> None:
    for host in (HOST, "evil.example"):
        assert probe(portal, "/lookup/?a=1", port=portal.plain, host=host) == (301, f"https://{HOST}/lookup/?a=1")


def test_one_request_id_is_in_the_answer_and_in_both_logs(portal: Installation) -> None:
    answer = visitor(portal).get("/no-such-page/", headers={"X-Request-ID": "claimed-by-a-visitor"})
    assert answer.status == 404
    (given,) = answer.headers.get_all("X-Request-ID") or []
    assert re.fullmatch("[0-9a-f]{32}", given)
    logs = [portal.folder / name for name in ("jxcloud.log", "jxcloud-web.service.log")]
    for log in logs:
        # nginx writes its line after the answer has left.
        wait_for(lambda log=log: given in log.read_text(), f"it is not in {log}", portal)  # type: ignore[misc]
    of_nginx, of_portal = (log.read_text() for log in logs)
    assert '"GET /no-such-page/" 404 ' in of_nginx
    assert "claimed-by-a-visitor" not in of_nginx + of_portal
    assert given in of_nginx
    (line,) = [json.loads(line) for line in of_portal.splitlines() if given in line]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/no-such-page/", 404)


def test_style_sheets_come_from_nginx_compressed_and_for_good(portal: Installation) -> None:
    browser = visitor(portal)
    sheet = browser.get("/login/").find(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"')
    answer = browser.get(sheet, headers={"Accept-Encoding": "gzip"})
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in str(answer.headers.get_all("Cache-Control"))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (portal.var / "static" / sheet.removeprefix("/static/")).stat().st_mode & 0o044 == 0o044


def test_a_body_that_is_too_large_is_answered_in_chinese(portal: Installation) -> None:
    answer = visitor(portal)._ask("POST", "/login/", None, {"Content-Length": str(200 * 1024 * 1024)}, False)
    assert answer.status == 413
    assert "上传的文件过大" in answer.text


# --- what must go wrong ---


def test_a_second_start_on_the_same_port_is_refused(portal: Installation) -> None:
    second = portal.service("jxcloud-web.service")
    answer = subprocess.run(
        second.command, cwd=ROOT, env=second.environment, capture_output=True, text=True, timeout=300
    )
    assert answer.returncode == 75
    assert "owns port" in answer.stderr
    answer = subprocess.run(
        second.command,
        cwd=ROOT,
        env={**second.environment, "RUNTIME_DIRECTORY": str(portal.folder)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert answer.returncode == 75
    assert "cannot be used" in answer.stderr


def test_a_killed_web_worker_is_replaced(portal: Installation) -> None:
    assert portal.web is not None
    assert portal.web.process is not None
    parent = portal.web.process.pid
    before = children_of(parent)
    os.kill(before[0], signal.SIGKILL)
    wait_for(lambda: len(set(children_of(parent)) - {before[0]}) >= len(before), "no new web worker", portal)
    wait_for(lambda: visitor(portal).get("/login/").status == 200, "no pages", portal)
    assert portal.web.process.pid == parent
    assert portal.web.ends == []


def test_the_worker_comes_back_after_a_restart_of_the_database(portal: Installation) -> None:
    assert portal.worker is not None
    portal.cluster.stop()
    assert probe(portal, "/healthz")[0] == 200
    assert probe(portal, "/readyz")[0] == 503
    portal.cluster.ensure_running()
    worker = portal.worker
    wait_for(lambda: len(worker.ends) >= 1, "the worker lives on without its database", portal)
    assert worker.ends[0] == 1
    wait_for(lambda: is_ready(portal), "not ready again", portal)


def test_while_the_portal_is_away_nginx_says_so(portal: Installation) -> None:
    assert portal.web is not None
    web, portal.web = portal.web, None
    web.stop()
    try:
        answer = visitor(portal).get("/login/")
        assert answer.status == 502
        assert "系统暂时无法访问" in answer.text
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["X-Request-ID"]
    finally:
        portal.web = web
    wait_for(lambda: visitor(portal).get("/login/").status == 200, "it does not come back", portal)


def test_commands_have_no_time_limit_for_statements(portal: Installation) -> None:
    program = "from django.db import connection as c; k = c.cursor(); k.execute('SHOW statement_timeout'); print(k.fetchone()[0])"
    step = "cd /opt/jxcloud; set -a; . /etc/jxcloud/jxcloud.env; set +a; .venv/bin/python manage.py shell -v 0 -c"
    assert portal.run(f'{step} "{program}"').strip() == "0"


def test_the_section_has_the_blocks_that_were_run() -> None:
    assert len(blocks_of_readme("sh")) == 3
    assert len(blocks_of_readme("sql")) == 1
