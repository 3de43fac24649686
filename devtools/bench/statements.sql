-- Ids are given: person, login, certificate and employment of the same number belong together.
-- %(people)s and the like are counts, {parts} are expressions of devtools/bench/data.py.
INSERT INTO administration_mailbox (id)
SELECT g FROM generate_series(1, %(people)s + %(enterprises)s + 12) AS g
;INSERT INTO administration_office (id, name, kind, region_id, address, phone, opening_hours, directions, is_active, mailbox_id)
SELECT 1 + o, CASE WHEN o = 0 THEN '省住房和城乡建设厅' ELSE '第' || o || '市住房和城乡建设局' END,
    CASE WHEN o = 0 THEN 'provincial' ELSE 'municipal' END, 360000 + o * 100, '', '', '', '', true,
    %(people)s + %(enterprises)s + 1 + o
FROM {offices}
;INSERT INTO accounts_user (id, password, login, sphere, name, duties, is_active, must_change_password, created_at,
    identity_index, reset_way)
SELECT g, '!', encode(sha256(('login' || g)::bytea), 'hex'), 'person', {person}, '{{}}', true, false, {made}, '', ''
FROM {people}
;INSERT INTO accounts_user (id, password, login, sphere, name, office_id, duties, is_active, must_change_password,
    created_at, identity_index, reset_way)
SELECT %(people)s + o * 5 + s, '!', 'staff-' || o || '-' || s, 'staff', {staff}, 1 + o,
    CASE WHEN o = 0 THEN '{{register,counter,decide,registry,training,organise}}'::text[]
    WHEN s = 2 THEN '{{head,review}}'::text[]
    ELSE '{{register,counter,review,registry,training}}'::text[] END, true, false, now(), '', ''
FROM {each_staff}
;INSERT INTO accounts_user (id, password, login, sphere, name, duties, is_active, must_change_password, created_at,
    identity_index, reset_way)
SELECT %(people)s + 60 + e, '!', 'operator-' || e, 'operator', '操作员' || e, '{{}}', true, false, now(), '', ''
FROM generate_series(1, %(enterprises)s) AS e
;INSERT INTO accounts_user (id, password, login, sphere, name, duties, is_active, must_change_password, created_at,
    identity_index, reset_way)
SELECT %(people)s + 60 + %(enterprises)s + n, '!', sphere, sphere, '管理员' || n, '{{}}', true, false, now(), '', ''
FROM unnest(ARRAY['system_admin', 'security_admin', 'audit_admin']) WITH ORDINALITY AS a (sphere, n)
;INSERT INTO accounts_person (id, name, alias_names, id_number, id_number_index, sex, ethnicity, birth_date, address,
    card_valid_from, card_valid_to, phone, education, professional_title, portrait, id_photo, id_photo_small,
    registered_at, quarantined_reason, created_at, mailbox_id, registered_at_office_id, user_id)
SELECT g, {person}, '{{}}', %(secret)s, encode(sha256(('number' || g)::bytea), 'hex'),
    CASE WHEN g %% 5 = 0 THEN 'female' ELSE 'male' END, '汉族', '1970-01-01'::date + (g %% 10000)::int, '', '2015-01-01',
    '2035-01-01', '', 'bachelor', '', '', '', '', {made}, '', {made}, g, 2 + g %% 11, g
FROM {people}
;INSERT INTO enterprises_enterprise (id, uscc, name, address, phone, legal_representative, legal_representative_index,
    status, created_at, mailbox_id, region_id, code_kind, code_reason, grades)
SELECT e, '91' || code || lpad(e::text, 10, '0'),
    {company} || '建筑工程有限公司第' || e || '分公司',
    '', '0791-86000000', {representative}, '', 'existing', now(), %(people)s + e, code, 'uscc', '', '{{}}'
FROM (SELECT e, ({regions})[1 + e %% 111] AS code FROM generate_series(1, %(enterprises)s) AS e) AS all_of_them
;INSERT INTO enterprises_cakey (id, fingerprint, serial_number, issuer, operator_name, valid_from, valid_to, bound_at,
    blocked_reason, user_id, enterprise_id, certificate_name, role, may_confirm)
SELECT e, encode(sha256(('key' || e)::bytea), 'hex'), e::text, 'CN=Bench CA', '操作员' || e, now() - interval '1 year',
    now() + interval '1 year', now(), '', %(people)s + 60 + e, e, '', 'manager', true
FROM generate_series(1, %(enterprises)s) AS e
;INSERT INTO employment_employment (id, posts, contract_from, contract_to, started_at, end_reason, end_note,
    end_document, enterprise_id, person_id)
SELECT g, ARRAY[{post}], {starts}, current_date + (g %% 1000)::int, {made}, '', '', '', {employer}, g
FROM {people} WHERE g %% 20 <> 0
;INSERT INTO certificates_certificate (id, number, category, year, serial, identifier_serial, enterprise_name, post,
    first_issued_on, ends_on, legal_state, origin, latest_version, display_status, display_codes, created_at,
    enterprise_id, person_id)
SELECT g, {number}, {category}, {year}, g, g, name, {post}, {starts}, {ends},
    CASE WHEN g %% 2 = 0 THEN '01' WHEN g %% 7 = 0 THEN '05' ELSE '01' END, 'legacy', 1,
    CASE WHEN g %% 9 = 0 THEN 'abnormal' ELSE 'normal' END, '{{}}', {made}, e, g
FROM (SELECT g, CASE WHEN g %% 13 = 0 THEN 1 + g %% %(enterprises)s ELSE {employer} END AS e FROM {people}) AS placed
JOIN LATERAL (SELECT name FROM enterprises_enterprise WHERE id = e) AS employer ON true
;INSERT INTO certificates_certificateterm (id, starts_on, ends_on, certificate_id)
SELECT g, {starts}, {ends}, g FROM {people}
;INSERT INTO certificates_certificateversion (id, version, operation, token, identifier, name, sex, birth_date,
    enterprise_name, post, first_issued_on, valid_from, valid_to, issued_on, issuer_name, photo, created_at,
    certificate_id, enterprise_id, term_id)
SELECT g, 1, '01', substr(encode(sha256(('token' || g)::bytea), 'hex'), 1, 22), '1.2.156.3005.2.' || g, person.name,
    person.sex, person.birth_date, enterprise_name, post, first_issued_on, first_issued_on, ends_on, first_issued_on,
    '省住房和城乡建设厅', 'photos/bench.jpg', {made}, g, enterprise_id, g
FROM {people} JOIN certificates_certificate ON certificates_certificate.id = g
JOIN accounts_person AS person ON person.id = g
;INSERT INTO certificates_document (id, file, sha256, size, signed_at, signer, version_id)
SELECT g, 'documents/bench.pdf', encode(sha256(('file' || g)::bytea), 'hex'), 120000, {made}, 'CN=Bench', g
FROM {people} WHERE g %% 1000 <> 0
;INSERT INTO certificates_documentorder (id, attempts, last_error, ordered_at, tried_at, version_id)
SELECT g, 0, '', now(), now(), g FROM {people} WHERE g %% 1000 = 0
;INSERT INTO certificates_certificateevent (id, at, effective_on, operation, state_before, state_after, kind, summary,
    document_number, certificate_id, version_id)
SELECT g, {made}, {starts}, '01', '', '01', 'legacy', '历史数据', 'G' || g %% 1000, g, g FROM {trailed}
;INSERT INTO workflow_application (id, number, kind, filed_by, payload_digest, flags, status, close_reason, desk,
    returned_from, due_on, due_is_provisional, created_at, first_submitted_at, desk_entered_at, enterprise_id,
    filer_id, former_enterprise_id, holder_enterprise_id, holder_office_id, holder_person_id, person_id, region_id,
    payload, approvers, stuck, stuck_codes, asked_from, chosen_desk, was_returned, deemed_accepted, category,
    applicant_sort, firm_sort)
SELECT g, 'B' || to_char(now(), 'YYYY') || lpad(g::text, 9, '0'),
    CASE WHEN g %% 3 = 0 THEN 'employer_change' ELSE 'extension' END, 'person', '', CASE WHEN g %% 50 = 2 THEN '["原单位逾期未确认"]' ELSE '[]' END::jsonb, 'in_review', '', desk, '',
    CASE WHEN g %% 10 < 8 THEN current_date - 3 + (g %% 15)::int END, false, now(), now(), now(), e, g,
    CASE WHEN g %% 3 = 0 THEN 1 + g %% %(enterprises)s END, CASE WHEN desk = 'employer' THEN e END,
    CASE desk WHEN 'provincial' THEN 1 WHEN 'municipal' THEN 2 + g %% 11 WHEN 'counter' THEN 2 + g %% 11 END,
    CASE WHEN desk = 'person' THEN g END, g,
    CASE desk WHEN 'provincial' THEN (ARRAY['360100', '360200', '360300', '360400'])[1 + g / 6 %% 4] ELSE '360100' END, %(nothing)s, '{{}}', CASE WHEN g %% 5000 = 0 THEN '没有办理部门' ELSE '' END, '[]', '', '',
    g %% 40 IN (2, 3), g %% 40 IN (4, 9), (ARRAY['A', 'B', 'C1', 'C2', 'C3'])[1 + g / 7 %% 5],
    left(md5((g %% 5000)::text), 12), left(md5(e::text), 20)
FROM (SELECT g, {employer} AS e,
    (ARRAY['employer', 'municipal', 'municipal', 'provincial', 'counter', 'person'])[1 + g %% 6] AS desk
    FROM generate_series(1, %(open)s) AS g) AS placed
;INSERT INTO workflow_application (id, number, kind, filed_by, payload_digest, flags, status, close_reason, desk,
    returned_from, due_is_provisional, created_at, first_submitted_at, accepted_at, closed_at, enterprise_id,
    filer_id, person_id, region_id, payload, approvers, stuck, stuck_codes, asked_from, chosen_desk)
SELECT %(open)s + g, 'B2020' || lpad(g::text, 9, '0'), 'extension', 'person', '', '[]', 'approved', '', '', '', false,
    {made}, {made}, {made}, {made}, {employer}, g, g, '360100', %(nothing)s, '{{}}', '', '[]', '', ''
FROM generate_series(1, %(closed)s) AS g
;INSERT INTO certificates_certificateitem (id, is_open, claim_key, application_id, certificate_id)
SELECT g, g <= %(open)s, '', g, CASE WHEN g <= %(open)s THEN g ELSE g - %(open)s END
FROM generate_series(1, %(open)s + %(closed)s) AS g
;INSERT INTO workflow_event (id, at, action, desk, to_desk, status, actor_name, acting_for, comment, detail, findings,
    parameters, batch, actor_id, application_id)
SELECT g, {made}, 'submit', '', 'municipal', 'in_review', '', '', '', '{{}}', '[]', '{{}}', gen_random_uuid(),
    CASE WHEN g <= %(open)s THEN g ELSE g - %(open)s END, g
FROM generate_series(1, %(open)s + %(closed)s) AS g
;INSERT INTO workflow_event (id, at, action, desk, to_desk, status, actor_name, acting_for, comment, detail, findings,
    parameters, batch, actor_id, application_id)
SELECT %(open)s + %(closed)s + g, {made}, 'approve', 'municipal', 'provincial', 'approved', '', '', '', '{{}}', '[]',
    '{{}}', gen_random_uuid(), %(people)s + 1 + g %% 60, %(open)s + g
FROM generate_series(1, %(closed)s) AS g
;INSERT INTO administration_auditentry (id, at, actor_id, actor_name, sphere, action, object_type, object_id, detail,
    request_id, address)
SELECT g, {made}, %(people)s + 1 + g %% 60, {clerk}, 'staff',
    (ARRAY['login', 'logout', 'workflow.approve', 'reveal_id_number'])[1 + g %% 4], 'accounts.person', g::text, '{{}}',
    md5(g::text), '10.0.0.1'
FROM {trailed}
;INSERT INTO administration_feedback (id, kind, page, text, contact, sender, sent_at, answer, answered_at, answered_by, mailbox_id)
SELECT g, (ARRAY['unclear', 'fault', 'idea', 'other'])[1 + g %% 4], '/person/certificates/', %(secret)s, '', '个人', {made}, '',
    CASE WHEN g %% 9 <> 0 THEN now() END, CASE WHEN g %% 9 <> 0 THEN {clerk} ELSE '' END, g
FROM {trailed}
;INSERT INTO administration_message (id, title, body, link, created_at, read_at, mailbox_id)
SELECT g, '证书即将到期', '', '', {made}, CASE WHEN g %% 3 <> 0 THEN now() END, g FROM {trailed}
