-- Written by `manage.py write_structure`: what all migrations below yield on an empty database.

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.accounts_facecheck_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of accounts_facecheck are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.accounts_one_person_per_number() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE taken boolean;
BEGIN
    IF TG_TABLE_NAME = 'accounts_person' THEN
        SELECT EXISTS (SELECT FROM accounts_formeridnumber f
            WHERE f.id_number_index = NEW.id_number_index AND f.person_id <> NEW.id) INTO taken;
    ELSE
        SELECT EXISTS (SELECT FROM accounts_person p
            WHERE p.id_number_index = NEW.id_number_index AND p.id <> NEW.person_id) INTO taken;
    END IF;
    IF taken THEN
        RAISE EXCEPTION 'this number is or was another person''s'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_person_per_number';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.accounts_photocheck_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of accounts_photocheck are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.administration_auditcheck_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of administration_auditcheck are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.administration_auditentry_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of administration_auditentry are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.administration_auditlink_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of administration_auditlink are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.certificates_category_of_case() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            BEGIN
                NEW.category := coalesce(
    (SELECT coalesce(known.category, substring(item.claim_key from '^(?:person:[0-9]+:|number:赣建安)(A|B|C1|C2|C3)(?![A-Z0-9])'))
     FROM certificates_certificateitem item LEFT JOIN certificates_certificate known ON known.id = item.certificate_id
     WHERE item.application_id = NEW.id
        AND coalesce(known.category, substring(item.claim_key from '^(?:person:[0-9]+:|number:赣建安)(A|B|C1|C2|C3)(?![A-Z0-9])')) IS NOT NULL
     ORDER BY item.id DESC LIMIT 1)
, '');
                RETURN NEW;
            END $$;

CREATE FUNCTION public.certificates_certificateevent_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of certificates_certificateevent are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.certificates_certificateversion_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of certificates_certificateversion are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.certificates_legacysettlement_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of certificates_legacysettlement are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.employment_formerterms_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of employment_formerterms are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.enterprises_code_is_free() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM enterprises_formercode f WHERE f.code = NEW.uscc AND f.enterprise_id <> NEW.id) THEN
            RAISE EXCEPTION 'the code is a former one of another enterprise'
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'former_code_of_another_enterprise';
        END IF;
        RETURN NULL;
    END $$;

CREATE FUNCTION public.enterprises_codechange_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of enterprises_codechange are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.enterprises_former_code_is_free() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM enterprises_enterprise e WHERE e.uscc = NEW.code) THEN
            RAISE EXCEPTION 'the former code is a present one'
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'former_code_of_another_enterprise';
        END IF;
        RETURN NULL;
    END $$;

CREATE FUNCTION public.exams_batchchange_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of exams_batchchange are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.exams_entryreview_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of exams_entryreview are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.exams_examcheckin_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of exams_examcheckin are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.workflow_casenote_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of workflow_casenote are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.workflow_event_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            
            RAISE EXCEPTION 'rows of workflow_event are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;

CREATE FUNCTION public.workflow_name_of_enterprise() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    DECLARE named text := workflow_name_order(NEW.name);
    BEGIN
        UPDATE workflow_application SET firm_sort = named,
                applicant_sort = CASE WHEN person_id IS NULL THEN named ELSE applicant_sort END
            WHERE enterprise_id = NEW.id AND is_open;
        RETURN NULL;
    END $$;

CREATE FUNCTION public.workflow_name_of_person() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        UPDATE workflow_application SET applicant_sort = workflow_name_order(NEW.name)
            WHERE person_id = NEW.id AND is_open;
        RETURN NULL;
    END $$;

CREATE FUNCTION public.workflow_name_order(name text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN left(encode(convert_to(left(lower(name), 40), 'GB18030'), 'hex'), 160);
    EXCEPTION WHEN untranslatable_character THEN
        RETURN left(encode(convert_to(left(lower(name), 40), 'UTF8'), 'hex'), 160);
    END $$;

CREATE FUNCTION public.workflow_names_of_case() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        NEW.firm_sort := coalesce(
            (SELECT workflow_name_order(name) FROM enterprises_enterprise WHERE id = NEW.enterprise_id), '');
        NEW.applicant_sort := coalesce(
            (SELECT workflow_name_order(name) FROM accounts_person WHERE id = NEW.person_id), NEW.firm_sort);
        RETURN NEW;
    END $$;

CREATE TABLE public.accounts_countercode (
    id bigint NOT NULL,
    code_index character varying(64) NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    issued_by_id bigint NOT NULL,
    office_id bigint,
    person_id bigint NOT NULL
);

ALTER TABLE public.accounts_countercode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_countercode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_facechallenge (
    id bigint NOT NULL,
    nonce character varying(64) NOT NULL,
    purpose character varying(10) NOT NULL,
    steps character varying(20)[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    person_id bigint,
    colours character varying(10)[] NOT NULL
);

ALTER TABLE public.accounts_facechallenge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_facechallenge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_facecheck (
    id bigint NOT NULL,
    purpose character varying(10) NOT NULL,
    capture character varying(10) NOT NULL,
    result character varying(12) NOT NULL,
    score double precision,
    problems jsonb NOT NULL,
    provider character varying(40) NOT NULL,
    models_used jsonb NOT NULL,
    frame_hashes jsonb NOT NULL,
    thresholds jsonb NOT NULL,
    nonce character varying(64) NOT NULL,
    milliseconds integer NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT accepted_faces_have_a_score CHECK (((NOT ((result)::text = 'accepted'::text)) OR (score IS NOT NULL))),
    CONSTRAINT accounts_facecheck_milliseconds_check CHECK ((milliseconds >= 0))
);

ALTER TABLE public.accounts_facecheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_facecheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_faceconsent (
    id bigint NOT NULL,
    text_version character varying(20) NOT NULL,
    given_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    person_id bigint NOT NULL
);

ALTER TABLE public.accounts_faceconsent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_faceconsent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_facereview (
    id bigint NOT NULL,
    city character varying(6) NOT NULL,
    frame character varying(100) NOT NULL,
    state character varying(10) NOT NULL,
    reason character varying(200) NOT NULL,
    decided_at timestamp with time zone,
    used_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    check_record_id bigint NOT NULL,
    decided_by_id bigint,
    person_id bigint NOT NULL,
    CONSTRAINT decided_face_reviews_keep_no_picture CHECK ((((decided_at IS NULL) AND ((state)::text = 'waiting'::text)) OR ((NOT ((state)::text = 'waiting'::text)) AND ((frame)::text = ''::text))))
);

ALTER TABLE public.accounts_facereview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_facereview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_facesigns (
    id bigint NOT NULL,
    signs text NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.accounts_facesigns ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_facesigns_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_formeridnumber (
    id bigint NOT NULL,
    id_number text NOT NULL,
    id_number_index character varying(64) NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT former_index_is_a_hash CHECK (((id_number_index)::text ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE public.accounts_formeridnumber ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_formeridnumber_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_formerpassword (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.accounts_formerpassword ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_formerpassword_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_heldcard (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    ethnicity character varying(20) NOT NULL,
    address text NOT NULL,
    card_valid_from date NOT NULL,
    card_valid_to date,
    portrait character varying(100) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    was_taken_over boolean NOT NULL,
    office_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT held_card_taken_over_is_settled CHECK (((settled_at IS NOT NULL) OR (NOT was_taken_over)))
);

ALTER TABLE public.accounts_heldcard ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_heldcard_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_kioskdevice (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    key_id character varying(40) NOT NULL,
    public_key character varying(44) NOT NULL,
    valid_until date NOT NULL,
    revoked_at timestamp with time zone,
    last_seen_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by_id bigint,
    office_id bigint NOT NULL
);

ALTER TABLE public.accounts_kioskdevice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_kioskdevice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_kiosknonce (
    id bigint NOT NULL,
    nonce character varying(64) NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    device_id bigint NOT NULL
);

ALTER TABLE public.accounts_kiosknonce ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_kiosknonce_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_kioskrequest (
    id bigint NOT NULL,
    request_id uuid NOT NULL,
    body_index character varying(64) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    outcome character varying(12) NOT NULL,
    findings jsonb NOT NULL,
    password text NOT NULL,
    receipt_until timestamp with time zone,
    printed_at timestamp with time zone,
    device_id bigint NOT NULL,
    held_card_id bigint,
    person_id bigint,
    CONSTRAINT kiosk_receipt_gone_once_printed CHECK (((printed_at IS NULL) OR (receipt_until IS NULL)))
);

ALTER TABLE public.accounts_kioskrequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_kioskrequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_loginfailures (
    id bigint NOT NULL,
    login character varying(64) NOT NULL,
    source character varying(64) NOT NULL,
    kind character varying(10) NOT NULL,
    times integer NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT accounts_loginfailures_times_check CHECK ((times >= 0))
);

ALTER TABLE public.accounts_loginfailures ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_loginfailures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_loginsession (
    id bigint NOT NULL,
    session_key character varying(40) NOT NULL,
    is_exclusive boolean NOT NULL,
    started_at timestamp with time zone NOT NULL,
    address inet,
    browser character varying(200) NOT NULL,
    ended_at timestamp with time zone,
    ended_why character varying(20) NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT ended_session_says_why CHECK ((((ended_at IS NULL) AND ((ended_why)::text = ''::text)) OR ((ended_at IS NOT NULL) AND (NOT ((ended_why)::text = ''::text)))))
);

ALTER TABLE public.accounts_loginsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_loginsession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_passkey (
    id bigint NOT NULL,
    credential_id bytea NOT NULL,
    credential bytea NOT NULL,
    counter bigint NOT NULL,
    name character varying(30) NOT NULL,
    proven_by character varying(20) NOT NULL,
    added_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    copied_at timestamp with time zone,
    user_id bigint NOT NULL,
    CONSTRAINT passkey_was_proven CHECK ((NOT ((proven_by)::text = ''::text)))
);

ALTER TABLE public.accounts_passkey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_passkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_person (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    alias_names character varying(100)[] NOT NULL,
    id_number text NOT NULL,
    id_number_index character varying(64) NOT NULL,
    sex character varying(6) NOT NULL,
    ethnicity character varying(20) NOT NULL,
    birth_date date NOT NULL,
    address text NOT NULL,
    card_valid_from date,
    card_valid_to date,
    phone text NOT NULL,
    education character varying(30) NOT NULL,
    professional_title character varying(50) NOT NULL,
    portrait character varying(100) NOT NULL,
    id_photo character varying(100) NOT NULL,
    id_photo_small character varying(100) NOT NULL,
    id_photo_uploaded_at timestamp with time zone,
    registered_at timestamp with time zone,
    quarantined_reason character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    mailbox_id bigint,
    registered_at_office_id bigint,
    registered_by_id bigint,
    user_id bigint,
    registered_by_device_id bigint,
    died_on date,
    merged_into_id bigint,
    CONSTRAINT person_has_a_name CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT person_index_is_a_hash CHECK (((id_number_index)::text ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT person_is_merged_into_another CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL))))
);

ALTER TABLE public.accounts_person ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_phonelogin (
    id bigint NOT NULL,
    session_key character varying(40) NOT NULL,
    auth_hash character varying(64) NOT NULL,
    token_hash character varying(64) NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    phone character varying(200) NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT phone_login_used_in_time CHECK (((used_at IS NULL) OR (used_at <= expires_at)))
);

ALTER TABLE public.accounts_phonelogin ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_phonelogin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_photocheck (
    id bigint NOT NULL,
    photo character varying(200) NOT NULL,
    sha256 character varying(64) NOT NULL,
    passed character varying(20)[] NOT NULL,
    overridden character varying(20)[] NOT NULL,
    reason character varying(200) NOT NULL,
    measures jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT overridden_photo_checks_have_a_reason CHECK ((((overridden = '{}'::character varying(20)[]) AND ((reason)::text = ''::text)) OR ((NOT (overridden = '{}'::character varying(20)[])) AND (NOT ((reason)::text = ''::text)))))
);

ALTER TABLE public.accounts_photocheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_photocheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_recoverycode (
    id bigint NOT NULL,
    code_hash character varying(64) NOT NULL,
    used_at timestamp with time zone,
    factor_id bigint NOT NULL
);

ALTER TABLE public.accounts_recoverycode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_recoverycode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_registercorrection (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    id_number text NOT NULL,
    id_number_index character varying(64) NOT NULL,
    sex character varying(6) NOT NULL,
    birth_date date,
    document character varying(200) NOT NULL,
    reason character varying(500) NOT NULL,
    evidence character varying(100) NOT NULL,
    evidence_type character varying(50) NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    outcome character varying(10) NOT NULL,
    answer character varying(500) NOT NULL,
    settled_at timestamp with time zone,
    office_id bigint NOT NULL,
    person_id bigint NOT NULL,
    requested_by_id bigint NOT NULL,
    settled_by_id bigint,
    died_on date,
    other_id bigint,
    record jsonb NOT NULL,
    undoes_id bigint,
    CONSTRAINT correction_takes_two_clerks CHECK (((NOT ((outcome)::text = 'done'::text)) OR (NOT ((settled_by_id = requested_by_id) AND (settled_by_id IS NOT NULL))))),
    CONSTRAINT death_has_its_day CHECK (((NOT ((kind)::text = 'death'::text)) OR (died_on IS NOT NULL))),
    CONSTRAINT merge_has_two_records CHECK (((((kind)::text = ANY ((ARRAY['merge'::character varying, 'unmerge'::character varying])::text[])) AND (other_id IS NOT NULL)) OR ((NOT ((kind)::text = ANY ((ARRAY['merge'::character varying, 'unmerge'::character varying])::text[]))) AND (other_id IS NULL)))),
    CONSTRAINT number_correction_has_a_number CHECK (((NOT ((kind)::text = 'number'::text)) OR ((birth_date IS NOT NULL) AND ((id_number_index)::text ~ '^[0-9a-f]{64}$'::text) AND (NOT ((sex)::text = ''::text))))),
    CONSTRAINT settled_correction_has_its_author CHECK (((((outcome)::text = ''::text) AND (settled_at IS NULL) AND (settled_by_id IS NULL)) OR ((NOT ((outcome)::text = ''::text)) AND (settled_at IS NOT NULL) AND (settled_by_id IS NOT NULL)))),
    CONSTRAINT undoing_names_what_it_undoes CHECK (((((kind)::text = ANY ((ARRAY['unmerge'::character varying, 'death_undo'::character varying])::text[])) AND (undoes_id IS NOT NULL)) OR ((NOT ((kind)::text = ANY ((ARRAY['unmerge'::character varying, 'death_undo'::character varying])::text[]))) AND (undoes_id IS NULL))))
);

ALTER TABLE public.accounts_registercorrection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_registercorrection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_secondfactor (
    id bigint NOT NULL,
    secret text NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    last_step bigint NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.accounts_secondfactor ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_secondfactor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    login character varying(100) NOT NULL,
    sphere character varying(20) NOT NULL,
    name character varying(100) NOT NULL,
    duties character varying(20)[] NOT NULL,
    is_active boolean NOT NULL,
    must_change_password boolean NOT NULL,
    password_changed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    office_id bigint,
    identity_index character varying(64) NOT NULL,
    locked_at timestamp with time zone,
    reset_at timestamp with time zone,
    reset_way character varying(10) NOT NULL,
    CONSTRAINT staff_have_an_office_others_none CHECK ((((office_id IS NOT NULL) AND ((sphere)::text = 'staff'::text)) OR ((NOT ((sphere)::text = 'staff'::text)) AND (duties = '{}'::character varying(20)[]) AND (office_id IS NULL)))),
    CONSTRAINT user_identity_is_a_hash CHECK ((((identity_index)::text = ''::text) OR ((identity_index)::text ~ '^[0-9a-f]{64}$'::text))),
    CONSTRAINT user_sphere_known CHECK (((sphere)::text = ANY ((ARRAY['person'::character varying, 'operator'::character varying, 'staff'::character varying, 'system_admin'::character varying, 'security_admin'::character varying, 'audit_admin'::character varying])::text[])))
);

ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_auditcheck (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    head character varying(64) NOT NULL,
    problem character varying(200) NOT NULL
);

ALTER TABLE public.administration_auditcheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_auditcheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_auditentry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    actor_name character varying(100) NOT NULL,
    sphere character varying(20) NOT NULL,
    action character varying(60) NOT NULL,
    object_type character varying(60) NOT NULL,
    object_id character varying(60) NOT NULL,
    detail jsonb NOT NULL,
    request_id character varying(40) NOT NULL,
    address inet
);

ALTER TABLE public.administration_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_auditlink (
    "position" bigint NOT NULL,
    digest character varying(64) NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    entry_id bigint NOT NULL,
    CONSTRAINT audit_digest_is_a_hash CHECK (((digest)::text ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT audit_positions_begin_at_one CHECK (("position" >= 1))
);

CREATE TABLE public.administration_calendarday (
    day date NOT NULL,
    is_workday boolean NOT NULL,
    note character varying(50) NOT NULL
);

CREATE TABLE public.administration_contact (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    channel character varying(10) NOT NULL,
    address text NOT NULL,
    verified_at timestamp with time zone,
    is_silent boolean NOT NULL,
    declined character varying(40)[] NOT NULL,
    code_hash character varying(64) NOT NULL,
    code_sent_at timestamp with time zone,
    code_tries smallint NOT NULL,
    mailbox_id bigint NOT NULL,
    CONSTRAINT administration_contact_code_tries_check CHECK ((code_tries >= 0))
);

ALTER TABLE public.administration_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_delivery (
    id bigint NOT NULL,
    key uuid NOT NULL,
    event character varying(40) NOT NULL,
    channel character varying(10) NOT NULL,
    address text NOT NULL,
    content text,
    is_urgent boolean NOT NULL,
    state character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    last_error character varying(300) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    provider_id character varying(100) NOT NULL,
    receipt character varying(12) NOT NULL,
    receipt_at timestamp with time zone,
    receipt_code character varying(60) NOT NULL,
    contact_id bigint NOT NULL,
    message_id bigint,
    CONSTRAINT administration_delivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT delivery_sent_at_a_time CHECK (((NOT ((state)::text = 'sent'::text)) OR (sent_at IS NOT NULL)))
);

ALTER TABLE public.administration_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_feedback (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    page character varying(200) NOT NULL,
    text text NOT NULL,
    contact text NOT NULL,
    sender character varying(20) NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    answer text NOT NULL,
    answered_at timestamp with time zone,
    answered_by character varying(100) NOT NULL,
    mailbox_id bigint,
    CONSTRAINT feedback_answered_by_somebody CHECK ((((answered_at IS NULL) AND ((answered_by)::text = ''::text)) OR ((answered_at IS NOT NULL) AND (NOT ((answered_by)::text = ''::text)))))
);

ALTER TABLE public.administration_feedback ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_feedback_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_figure (
    id bigint NOT NULL,
    subject character varying(20) NOT NULL,
    city character varying(6) NOT NULL,
    part character varying(40) NOT NULL,
    key character varying(40) NOT NULL,
    number bigint NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT administration_figure_number_check CHECK ((number >= 0))
);

ALTER TABLE public.administration_figure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_figure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_importproblem (
    id bigint NOT NULL,
    row_number integer NOT NULL,
    "column" text NOT NULL,
    value text NOT NULL,
    sentence text NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT administration_importproblem_row_number_check CHECK ((row_number >= 0))
);

ALTER TABLE public.administration_importproblem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_importproblem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_importrepetition (
    id bigint NOT NULL,
    object_type character varying(80) NOT NULL,
    fields character varying(80)[] NOT NULL,
    first_id bigint NOT NULL,
    last_id bigint NOT NULL,
    object_ids bigint[] NOT NULL,
    reversal_id bigint,
    run_id bigint NOT NULL
);

ALTER TABLE public.administration_importrepetition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_importrepetition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_importreversal (
    id bigint NOT NULL,
    reason character varying(1000) NOT NULL,
    plan character varying(64) NOT NULL,
    by character varying(100) NOT NULL,
    user_id bigint,
    at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    last_row bigint NOT NULL,
    taken integer NOT NULL,
    kept integer NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT administration_importreversal_kept_check CHECK ((kept >= 0)),
    CONSTRAINT administration_importreversal_taken_check CHECK ((taken >= 0))
);

ALTER TABLE public.administration_importreversal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_importreversal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_importrow (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    place text NOT NULL,
    outcome character varying(10) NOT NULL,
    subject text NOT NULL,
    changes text NOT NULL,
    effect text NOT NULL,
    object_type character varying(80) NOT NULL,
    object_id bigint,
    run_id bigint NOT NULL,
    trace text NOT NULL,
    reversal_id bigint,
    CONSTRAINT administration_importrow_position_check CHECK (("position" >= 0))
);

ALTER TABLE public.administration_importrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_importrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_importrun (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    file_name character varying(255) NOT NULL,
    sha256 character varying(64) NOT NULL,
    state character varying(10) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    rows_read integer NOT NULL,
    rows_new integer NOT NULL,
    rows_known integer NOT NULL,
    rows_changed integer NOT NULL,
    rows_quarantined integer NOT NULL,
    rows_bad integer NOT NULL,
    error text NOT NULL,
    problem_file character varying(200) NOT NULL,
    by character varying(100) NOT NULL,
    office_id bigint,
    rows_total integer NOT NULL,
    upload character varying(200) NOT NULL,
    user_id bigint,
    is_confirmed boolean NOT NULL,
    confirmed_at timestamp with time zone,
    confirmed_by character varying(100) NOT NULL,
    expires_at timestamp with time zone,
    has_begun boolean NOT NULL,
    has_changed_since_preview boolean NOT NULL,
    is_good_rows_only boolean NOT NULL,
    plan character varying(64) NOT NULL,
    questions jsonb NOT NULL,
    rows_missing integer NOT NULL,
    answer character varying(1000) NOT NULL,
    answered_at timestamp with time zone,
    answered_by character varying(100) NOT NULL,
    CONSTRAINT administration_importrun_rows_bad_check CHECK ((rows_bad >= 0)),
    CONSTRAINT administration_importrun_rows_changed_check CHECK ((rows_changed >= 0)),
    CONSTRAINT administration_importrun_rows_known_check CHECK ((rows_known >= 0)),
    CONSTRAINT administration_importrun_rows_missing_check CHECK ((rows_missing >= 0)),
    CONSTRAINT administration_importrun_rows_new_check CHECK ((rows_new >= 0)),
    CONSTRAINT administration_importrun_rows_quarantined_check CHECK ((rows_quarantined >= 0)),
    CONSTRAINT administration_importrun_rows_read_check CHECK ((rows_read >= 0)),
    CONSTRAINT administration_importrun_rows_total_check CHECK ((rows_total >= 0))
);

ALTER TABLE public.administration_importrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_importrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_jobrun (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    day date NOT NULL,
    state character varying(10) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    counts jsonb NOT NULL,
    error text NOT NULL
);

ALTER TABLE public.administration_jobrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_jobrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_lookupalarm (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    key character varying(64) NOT NULL,
    name character varying(200) NOT NULL,
    user_id bigint,
    day date NOT NULL,
    reasons jsonb NOT NULL,
    asked integer NOT NULL,
    missed integer NOT NULL,
    outside integer NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    seen_by character varying(100) NOT NULL,
    remark character varying(500) NOT NULL,
    CONSTRAINT administration_lookupalarm_asked_check CHECK ((asked >= 0)),
    CONSTRAINT administration_lookupalarm_missed_check CHECK ((missed >= 0)),
    CONSTRAINT administration_lookupalarm_outside_check CHECK ((outside >= 0)),
    CONSTRAINT seen_lookup_alarm_says_by_whom_and_why CHECK (((seen_at IS NULL) OR ((NOT ((seen_by)::text = ''::text)) AND (NOT ((remark)::text = ''::text)))))
);

ALTER TABLE public.administration_lookupalarm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_lookupalarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_lookupcount (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    key character varying(64) NOT NULL,
    since timestamp with time zone NOT NULL,
    asked integer NOT NULL,
    missed integer NOT NULL,
    outside integer NOT NULL,
    CONSTRAINT administration_lookupcount_asked_check CHECK ((asked >= 0)),
    CONSTRAINT administration_lookupcount_missed_check CHECK ((missed >= 0)),
    CONSTRAINT administration_lookupcount_outside_check CHECK ((outside >= 0))
);

ALTER TABLE public.administration_lookupcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_lookupcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_mailbox (
    id bigint NOT NULL
);

ALTER TABLE public.administration_mailbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_mailbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_message (
    id bigint NOT NULL,
    title character varying(300) NOT NULL,
    body text NOT NULL,
    link character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    mailbox_id bigint NOT NULL,
    kind character varying(12) DEFAULT 'other'::character varying NOT NULL
);

ALTER TABLE public.administration_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_messagechoice (
    event character varying(40) NOT NULL,
    is_sms_on boolean NOT NULL,
    sms_template character varying(60) NOT NULL,
    sms_text character varying(500) NOT NULL,
    sms_parameters character varying(20)[] NOT NULL,
    is_email_on boolean NOT NULL,
    email_subject character varying(200) NOT NULL,
    email_text text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT email_choice_has_words CHECK (((NOT is_email_on) OR ((NOT ((email_subject)::text = ''::text)) AND (NOT (email_text = ''::text))))),
    CONSTRAINT sms_choice_has_an_approved_template CHECK (((NOT is_sms_on) OR (NOT ((sms_template)::text = ''::text))))
);

CREATE TABLE public.administration_notice (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    title character varying(200) NOT NULL,
    body text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    office_id bigint,
    changed_at timestamp with time zone NOT NULL,
    withdrawal_reason text NOT NULL,
    CONSTRAINT official_notice_is_withdrawn_with_a_reason CHECK (((withdrawn_at IS NULL) OR ((kind)::text = 'news'::text) OR (NOT (withdrawal_reason = ''::text))))
);

ALTER TABLE public.administration_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_noticeattachment (
    id bigint NOT NULL,
    file character varying(100) NOT NULL,
    original_name character varying(255) NOT NULL,
    content_type character varying(50) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    notice_id bigint NOT NULL,
    CONSTRAINT administration_noticeattachment_size_check CHECK ((size >= 0))
);

ALTER TABLE public.administration_noticeattachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_noticeattachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_noticeline (
    id bigint NOT NULL,
    source character varying(60) NOT NULL,
    text text NOT NULL,
    withdrawn_at timestamp with time zone,
    notice_id bigint NOT NULL,
    withdrawal_reason text NOT NULL
);

ALTER TABLE public.administration_noticeline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_noticeline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_office (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    kind character varying(20) NOT NULL,
    address character varying(200) NOT NULL,
    phone character varying(50) NOT NULL,
    opening_hours character varying(200) NOT NULL,
    is_active boolean NOT NULL,
    mailbox_id bigint,
    region_id character varying(6) NOT NULL,
    described_on date,
    directions character varying(300) NOT NULL
);

ALTER TABLE public.administration_office ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_office_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_officeroute (
    id bigint NOT NULL,
    desk character varying(20) NOT NULL,
    office_id bigint NOT NULL,
    region_id character varying(6) NOT NULL
);

ALTER TABLE public.administration_officeroute ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_officeroute_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_parameter (
    id bigint NOT NULL,
    key character varying(60) NOT NULL,
    value jsonb NOT NULL,
    effective_from date NOT NULL,
    document_number character varying(100) NOT NULL,
    note character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.administration_parameter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_parameter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_region (
    code character varying(6) NOT NULL,
    name character varying(50) NOT NULL,
    parent_id character varying(6)
);

CREATE TABLE public.administration_regionalias (
    code character varying(6) NOT NULL,
    region_id character varying(6) NOT NULL
);

CREATE UNLOGGED TABLE public.administration_requestcount (
    id bigint NOT NULL,
    scope character varying(30) NOT NULL,
    source character varying(64) NOT NULL,
    since timestamp with time zone NOT NULL,
    times integer NOT NULL,
    CONSTRAINT administration_requestcount_times_check CHECK ((times >= 0))
);

ALTER TABLE public.administration_requestcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_requestcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.administration_sentreminder (
    id bigint NOT NULL,
    kind character varying(30) NOT NULL,
    object_id bigint NOT NULL,
    ends_on date NOT NULL,
    days smallint NOT NULL,
    sent_at timestamp with time zone NOT NULL
);

ALTER TABLE public.administration_sentreminder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_sentreminder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_archivepart (
    id bigint NOT NULL,
    attempt uuid NOT NULL,
    number integer NOT NULL,
    file character varying(100) NOT NULL,
    archive_id bigint NOT NULL,
    CONSTRAINT certificates_archivepart_number_check CHECK ((number >= 0))
);

ALTER TABLE public.certificates_archivepart ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_archivepart_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_certificate (
    id bigint NOT NULL,
    number character varying(30) NOT NULL,
    category character varying(2) NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL,
    identifier_serial integer NOT NULL,
    enterprise_name character varying(200) NOT NULL,
    post character varying(2) NOT NULL,
    first_issued_on date NOT NULL,
    ends_on date NOT NULL,
    legal_state character varying(2) NOT NULL,
    origin character varying(12) NOT NULL,
    latest_version smallint NOT NULL,
    last_change_on date,
    display_status character varying(12) NOT NULL,
    display_codes character varying(60)[] NOT NULL,
    display_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    additional_to_id bigint,
    enterprise_id bigint,
    person_id bigint NOT NULL,
    taken_back_at timestamp with time zone,
    CONSTRAINT certificate_category_known CHECK (((category)::text = ANY ((ARRAY['A'::character varying, 'B'::character varying, 'C1'::character varying, 'C2'::character varying, 'C3'::character varying])::text[]))),
    CONSTRAINT certificate_post_fits_category CHECK (((((category)::text = 'B'::text) AND ((post)::text = '07'::text)) OR (((category)::text = ANY ((ARRAY['C1'::character varying, 'C2'::character varying, 'C3'::character varying])::text[])) AND ((post)::text = '08'::text)) OR (((category)::text = 'A'::text) AND (NOT ((post)::text = ANY ((ARRAY['07'::character varying, '08'::character varying])::text[])))))),
    CONSTRAINT certificate_state_known CHECK (((legal_state)::text = ANY ((ARRAY['01'::character varying, '02'::character varying, '03'::character varying, '04'::character varying, '05'::character varying, '06'::character varying, '07'::character varying, '99'::character varying])::text[]))),
    CONSTRAINT certificates_certificate_identifier_serial_check CHECK ((identifier_serial >= 0)),
    CONSTRAINT certificates_certificate_latest_version_check CHECK ((latest_version >= 0)),
    CONSTRAINT certificates_certificate_serial_check CHECK ((serial >= 0)),
    CONSTRAINT certificates_certificate_year_check CHECK ((year >= 0))
);

ALTER TABLE public.certificates_certificate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_certificate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_certificatearchive (
    id bigint NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    left_out integer NOT NULL,
    made_at timestamp with time zone,
    attempt uuid,
    size bigint NOT NULL,
    enterprise_id bigint NOT NULL,
    ordered_by_id bigint,
    CONSTRAINT archive_made_has_a_time CHECK (((attempt IS NULL) OR (made_at IS NOT NULL))),
    CONSTRAINT archive_not_more_than_all CHECK ((done <= total)),
    CONSTRAINT certificates_certificatearchive_done_check CHECK ((done >= 0)),
    CONSTRAINT certificates_certificatearchive_left_out_check CHECK ((left_out >= 0)),
    CONSTRAINT certificates_certificatearchive_size_check CHECK ((size >= 0)),
    CONSTRAINT certificates_certificatearchive_total_check CHECK ((total >= 0))
);

ALTER TABLE public.certificates_certificatearchive ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_certificatearchive_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_certificateevent (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    effective_on date NOT NULL,
    operation character varying(2) NOT NULL,
    state_before character varying(2) NOT NULL,
    state_after character varying(2) NOT NULL,
    kind character varying(40) NOT NULL,
    summary text NOT NULL,
    document_number character varying(100) NOT NULL,
    actor_id bigint,
    application_id bigint,
    certificate_id bigint NOT NULL,
    undoes_id bigint,
    version_id bigint,
    until date
);

ALTER TABLE public.certificates_certificateevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_certificateevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_certificateitem (
    id bigint NOT NULL,
    is_open boolean NOT NULL,
    claim_key character varying(120) NOT NULL,
    application_id bigint NOT NULL,
    certificate_id bigint
);

ALTER TABLE public.certificates_certificateitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_certificateitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_certificateterm (
    id bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    reversed_at timestamp with time zone,
    certificate_id bigint NOT NULL,
    CONSTRAINT term_ends_after_it_starts CHECK ((ends_on >= starts_on))
);

ALTER TABLE public.certificates_certificateterm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_certificateterm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_certificateversion (
    id bigint NOT NULL,
    version smallint NOT NULL,
    operation character varying(2) NOT NULL,
    token character varying(32) NOT NULL,
    identifier character varying(120) NOT NULL,
    name character varying(100) NOT NULL,
    sex character varying(6) NOT NULL,
    birth_date date NOT NULL,
    enterprise_name character varying(200) NOT NULL,
    post character varying(2) NOT NULL,
    first_issued_on date NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    issued_on date NOT NULL,
    issuer_name character varying(100) NOT NULL,
    photo character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    application_id bigint,
    certificate_id bigint NOT NULL,
    enterprise_id bigint,
    term_id bigint NOT NULL,
    CONSTRAINT certificates_certificateversion_version_check CHECK ((version >= 0)),
    CONSTRAINT version_has_a_photo CHECK ((NOT ((photo)::text = ''::text))),
    CONSTRAINT version_valid_to_after_from CHECK ((valid_to >= valid_from))
);

ALTER TABLE public.certificates_certificateversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_certificateversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_document (
    id bigint NOT NULL,
    file character varying(100) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size integer NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    signer character varying(64) NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT certificates_document_size_check CHECK ((size >= 0))
);

ALTER TABLE public.certificates_document ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_documentorder (
    id bigint NOT NULL,
    attempts smallint NOT NULL,
    last_error character varying(500) NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    version_id bigint NOT NULL,
    CONSTRAINT certificates_documentorder_attempts_check CHECK ((attempts >= 0))
);

ALTER TABLE public.certificates_documentorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_documentorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_formernumber (
    id bigint NOT NULL,
    number character varying(30) NOT NULL,
    category character varying(2) NOT NULL,
    year smallint NOT NULL,
    identifier_serial integer NOT NULL,
    through_version smallint NOT NULL,
    corrected_at timestamp with time zone NOT NULL,
    certificate_id bigint NOT NULL,
    CONSTRAINT certificates_formernumber_identifier_serial_check CHECK ((identifier_serial >= 0)),
    CONSTRAINT certificates_formernumber_through_version_check CHECK ((through_version >= 0)),
    CONSTRAINT certificates_formernumber_year_check CHECK ((year >= 0))
);

ALTER TABLE public.certificates_formernumber ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_formernumber_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_legacycertificate (
    id bigint NOT NULL,
    id_number text NOT NULL,
    id_number_index character varying(64) NOT NULL,
    name character varying(100) NOT NULL,
    sex character varying(6) NOT NULL,
    number character varying(30) NOT NULL,
    number_year smallint,
    number_serial integer,
    category character varying(3) NOT NULL,
    enterprise_name character varying(200) NOT NULL,
    uscc character varying(18) NOT NULL,
    post character varying(60) NOT NULL,
    first_issued_on date,
    issued_on date,
    valid_from date,
    valid_to date NOT NULL,
    source_state character varying(30) NOT NULL,
    state character varying(12) NOT NULL,
    quarantine_reason text NOT NULL,
    row_number integer NOT NULL,
    fingerprint character varying(64) NOT NULL,
    extra jsonb NOT NULL,
    certificate_id bigint,
    import_run_id bigint NOT NULL,
    is_verified boolean DEFAULT false NOT NULL,
    CONSTRAINT certificates_legacycertificate_number_serial_check CHECK ((number_serial >= 0)),
    CONSTRAINT certificates_legacycertificate_number_year_check CHECK ((number_year >= 0)),
    CONSTRAINT certificates_legacycertificate_row_number_check CHECK ((row_number >= 0))
);

ALTER TABLE public.certificates_legacycertificate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_legacycertificate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_legacysettlement (
    id bigint NOT NULL,
    decision character varying(10) NOT NULL,
    basis text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    other_id bigint,
    record_id bigint NOT NULL,
    replacement_id bigint
);

ALTER TABLE public.certificates_legacysettlement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_legacysettlement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_numbercounter (
    year smallint NOT NULL,
    last integer NOT NULL,
    CONSTRAINT certificates_numbercounter_last_check CHECK ((last >= 0)),
    CONSTRAINT certificates_numbercounter_year_check CHECK ((year >= 0))
);

CREATE TABLE public.certificates_outofprovincecertificate (
    id bigint NOT NULL,
    id_number_index character varying(64) NOT NULL,
    number character varying(40) NOT NULL,
    province character varying(30) NOT NULL,
    category character varying(3) NOT NULL,
    name character varying(100) NOT NULL,
    enterprise_name character varying(200) NOT NULL,
    valid_to date NOT NULL,
    settled_at timestamp with time zone,
    import_run_id bigint,
    declared_at timestamp with time zone,
    declared_by_id bigint,
    ended_on date,
    ending character varying(12) NOT NULL,
    scan character varying(100) NOT NULL,
    scan_type character varying(50) NOT NULL
);

ALTER TABLE public.certificates_outofprovincecertificate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_outofprovincecertificate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_policybatch (
    id bigint NOT NULL,
    window_from date NOT NULL,
    window_to date NOT NULL,
    new_end date,
    months smallint,
    categories character varying(2)[] NOT NULL,
    document_number character varying(100) NOT NULL,
    reason character varying(300) NOT NULL,
    state character varying(10) NOT NULL,
    expected integer NOT NULL,
    counts jsonb NOT NULL,
    error character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone,
    finished_at timestamp with time zone,
    reversed_at timestamp with time zone,
    reversal_document character varying(100) NOT NULL,
    created_by_id bigint NOT NULL,
    reversed_by_id bigint,
    approved_at timestamp with time zone,
    approved_by_id bigint,
    asked_at timestamp with time zone,
    asked_by_id bigint,
    return_reason character varying(200) NOT NULL,
    reversal_asked_at timestamp with time zone,
    reversal_asked_by_id bigint,
    CONSTRAINT certificates_policybatch_expected_check CHECK ((expected >= 0)),
    CONSTRAINT certificates_policybatch_months_check CHECK ((months >= 0)),
    CONSTRAINT policy_has_one_new_end CHECK ((((months IS NULL) AND (new_end IS NOT NULL)) OR ((months > 0) AND (new_end IS NULL)))),
    CONSTRAINT policy_is_approved_by_a_second_person CHECK (((approved_by_id IS NULL) OR ((asked_by_id IS NOT NULL) AND (NOT ((approved_by_id = asked_by_id) AND (approved_by_id IS NOT NULL) AND (asked_by_id IS NOT NULL)))))),
    CONSTRAINT policy_is_reversed_by_a_second_person CHECK (((reversed_by_id IS NULL) OR (reversal_asked_by_id IS NULL) OR (NOT ((reversed_by_id = reversal_asked_by_id) AND (reversed_by_id IS NOT NULL) AND (reversal_asked_by_id IS NOT NULL))))),
    CONSTRAINT policy_window_ends_after_it_starts CHECK ((window_to >= window_from))
);

ALTER TABLE public.certificates_policybatch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_policybatch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_policybatchrow (
    id bigint NOT NULL,
    old_end date NOT NULL,
    old_state character varying(2) NOT NULL,
    outcome character varying(10) NOT NULL,
    refusal character varying(200) NOT NULL,
    batch_id bigint NOT NULL,
    certificate_id bigint NOT NULL,
    term_id bigint,
    version_id bigint,
    closed_id bigint,
    CONSTRAINT policy_row_has_its_term CHECK (((((outcome)::text = 'refused'::text) AND (term_id IS NULL)) OR ((NOT ((outcome)::text = 'refused'::text)) AND (term_id IS NOT NULL))))
);

ALTER TABLE public.certificates_policybatchrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_policybatchrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_renamebatch (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    state character varying(10) NOT NULL,
    expected integer NOT NULL,
    error character varying(500) NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    application_id bigint NOT NULL,
    enterprise_id bigint NOT NULL,
    CONSTRAINT certificates_renamebatch_expected_check CHECK ((expected >= 0))
);

ALTER TABLE public.certificates_renamebatch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_renamebatch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_renamerow (
    id bigint NOT NULL,
    outcome character varying(10) NOT NULL,
    reason character varying(200) NOT NULL,
    batch_id bigint NOT NULL,
    certificate_id bigint NOT NULL,
    version_id bigint,
    CONSTRAINT rename_row_has_its_version CHECK (((((outcome)::text = 'reissued'::text) AND (version_id IS NOT NULL)) OR (((outcome)::text = 'kept'::text) AND (version_id IS NULL))))
);

ALTER TABLE public.certificates_renamerow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_renamerow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_sharelink (
    id bigint NOT NULL,
    purpose character varying(100) NOT NULL,
    mark character varying(8) NOT NULL,
    token_hash character varying(64) NOT NULL,
    with_document boolean NOT NULL,
    ends_on date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    certificate_id bigint NOT NULL,
    CONSTRAINT share_link_has_a_purpose CHECK ((NOT ((purpose)::text = ''::text)))
);

ALTER TABLE public.certificates_sharelink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_sharelink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_shareuse (
    id bigint NOT NULL,
    day date NOT NULL,
    views integer NOT NULL,
    downloads integer NOT NULL,
    link_id bigint NOT NULL,
    CONSTRAINT certificates_shareuse_downloads_check CHECK ((downloads >= 0)),
    CONSTRAINT certificates_shareuse_views_check CHECK ((views >= 0))
);

ALTER TABLE public.certificates_shareuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_shareuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_transferproof (
    id bigint NOT NULL,
    destination character varying(30) NOT NULL,
    new_enterprise character varying(200) NOT NULL,
    token character varying(32) NOT NULL,
    issued_on date NOT NULL,
    issuer_name character varying(100) NOT NULL,
    file character varying(100) NOT NULL,
    sha256 character varying(64) NOT NULL,
    signer character varying(64) NOT NULL,
    attempts smallint NOT NULL,
    last_error character varying(500) NOT NULL,
    undone_at timestamp with time zone,
    certificate_id bigint NOT NULL,
    event_id bigint NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    CONSTRAINT certificates_transferproof_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT transfer_proof_is_signed_or_absent CHECK (((((file)::text = ''::text) AND ((sha256)::text = ''::text) AND ((signer)::text = ''::text)) OR ((NOT ((file)::text = ''::text)) AND (NOT ((sha256)::text = ''::text)) AND (NOT ((signer)::text = ''::text)))))
);

ALTER TABLE public.certificates_transferproof ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_transferproof_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_verificationkey (
    id bigint NOT NULL,
    holder character varying(100) NOT NULL,
    purpose character varying(200) NOT NULL,
    mark character varying(12) NOT NULL,
    key_hash character varying(64) NOT NULL,
    rows_per_day integer NOT NULL,
    expires_on date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoke_reason character varying(200) NOT NULL,
    created_by_id bigint NOT NULL,
    revoked_by_id bigint,
    CONSTRAINT certificates_verificationkey_rows_per_day_check CHECK ((rows_per_day >= 0)),
    CONSTRAINT verification_key_has_a_limit CHECK ((rows_per_day > 0)),
    CONSTRAINT verification_key_revoked_with_a_reason CHECK (((((revoke_reason)::text = ''::text) AND (revoked_at IS NULL)) OR ((revoked_at IS NOT NULL) AND (NOT ((revoke_reason)::text = ''::text)))))
);

ALTER TABLE public.certificates_verificationkey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_verificationkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.certificates_verificationuse (
    id bigint NOT NULL,
    day date NOT NULL,
    requests integer NOT NULL,
    rows integer NOT NULL,
    key_id bigint NOT NULL,
    CONSTRAINT certificates_verificationuse_requests_check CHECK ((requests >= 0)),
    CONSTRAINT certificates_verificationuse_rows_check CHECK ((rows >= 0)),
    CONSTRAINT verification_request_has_a_row CHECK ((rows >= requests))
);

ALTER TABLE public.certificates_verificationuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.certificates_verificationuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id bigint NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);

ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.employment_employment (
    id bigint NOT NULL,
    posts character varying(2)[] NOT NULL,
    contract_from date NOT NULL,
    contract_to date,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason character varying(20) NOT NULL,
    end_note character varying(200) NOT NULL,
    ended_by_id bigint,
    enterprise_id bigint NOT NULL,
    person_id bigint NOT NULL,
    started_by_id bigint,
    end_document character varying(100) NOT NULL,
    CONSTRAINT employment_contract_ends_after_it_starts CHECK (((contract_to IS NULL) OR (contract_to >= contract_from))),
    CONSTRAINT employment_end_has_a_reason CHECK (((((end_reason)::text = ''::text) AND (ended_at IS NULL)) OR ((ended_at IS NOT NULL) AND (NOT ((end_reason)::text = ''::text))))),
    CONSTRAINT employment_has_a_post CHECK ((
CASE
    WHEN (posts IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(posts, 1), 0)
END >= 1))
);

ALTER TABLE public.employment_employment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.employment_employment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.employment_employmentitem (
    id bigint NOT NULL,
    is_open boolean NOT NULL,
    claim_key character varying(120) NOT NULL,
    application_id bigint NOT NULL,
    employment_id bigint
);

ALTER TABLE public.employment_employmentitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.employment_employmentitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.employment_formerterms (
    id bigint NOT NULL,
    posts character varying(2)[] NOT NULL,
    contract_from date NOT NULL,
    contract_to date,
    replaced_at timestamp with time zone NOT NULL,
    employment_id bigint NOT NULL,
    replaced_by_id bigint NOT NULL
);

ALTER TABLE public.employment_formerterms ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.employment_formerterms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.employment_proposallist (
    id bigint NOT NULL,
    mark uuid NOT NULL,
    lines text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    filed jsonb NOT NULL,
    refused jsonb NOT NULL,
    enterprise_id bigint NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.employment_proposallist ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.employment_proposallist_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_cakey (
    id bigint NOT NULL,
    fingerprint character varying(64) NOT NULL,
    serial_number character varying(64) NOT NULL,
    issuer character varying(300) NOT NULL,
    operator_name character varying(100) NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    bound_at timestamp with time zone NOT NULL,
    blocked_at timestamp with time zone,
    blocked_reason character varying(200) NOT NULL,
    user_id bigint NOT NULL,
    enterprise_id bigint NOT NULL,
    certificate_name character varying(100) NOT NULL,
    last_used_at timestamp with time zone,
    may_confirm boolean NOT NULL,
    role character varying(10) NOT NULL,
    CONSTRAINT operator_confirms_by_role CHECK (((may_confirm AND ((role)::text = 'manager'::text)) OR ((role)::text = 'clerk'::text) OR ((NOT may_confirm) AND ((role)::text = 'reader'::text))))
);

ALTER TABLE public.enterprises_cakey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_cakey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_codechange (
    id bigint NOT NULL,
    former_code character varying(18) NOT NULL,
    code character varying(18) NOT NULL,
    keeps_former boolean NOT NULL,
    document character varying(200) NOT NULL,
    document_on date NOT NULL,
    reason character varying(500) NOT NULL,
    evidence character varying(100) NOT NULL,
    evidence_type character varying(50) NOT NULL,
    took_over character varying(200) NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by_id bigint NOT NULL,
    enterprise_id bigint NOT NULL
);

ALTER TABLE public.enterprises_codechange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_codechange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_codechangerequest (
    id bigint NOT NULL,
    former_code character varying(18) NOT NULL,
    code character varying(18) NOT NULL,
    keeps_former boolean NOT NULL,
    document character varying(200) NOT NULL,
    document_on date NOT NULL,
    reason character varying(500) NOT NULL,
    evidence character varying(100) NOT NULL,
    evidence_type character varying(50) NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    outcome character varying(10) NOT NULL,
    answer character varying(500) NOT NULL,
    settled_at timestamp with time zone,
    change_id bigint,
    enterprise_id bigint NOT NULL,
    requested_by_id bigint NOT NULL,
    settled_by_id bigint,
    CONSTRAINT code_change_takes_two_clerks CHECK (((NOT ((outcome)::text = 'done'::text)) OR (NOT ((settled_by_id = requested_by_id) AND (settled_by_id IS NOT NULL))))),
    CONSTRAINT confirmed_code_request_has_its_change CHECK ((((change_id IS NOT NULL) AND ((outcome)::text = 'done'::text)) OR ((NOT ((outcome)::text = 'done'::text)) AND (change_id IS NULL)))),
    CONSTRAINT settled_code_request_has_its_author CHECK (((((outcome)::text = ''::text) AND (settled_at IS NULL) AND (settled_by_id IS NULL)) OR ((NOT ((outcome)::text = ''::text)) AND (settled_at IS NOT NULL) AND (settled_by_id IS NOT NULL))))
);

ALTER TABLE public.enterprises_codechangerequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_codechangerequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_enterprise (
    id bigint NOT NULL,
    uscc character varying(18) NOT NULL,
    name character varying(200) NOT NULL,
    address character varying(200) NOT NULL,
    phone character varying(50) NOT NULL,
    legal_representative character varying(100) NOT NULL,
    legal_representative_index character varying(64) NOT NULL,
    status character varying(20) NOT NULL,
    dissolved_on date,
    synced_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    mailbox_id bigint,
    region_id character varying(6) NOT NULL,
    code_kind character varying(20) NOT NULL,
    code_reason character varying(200) NOT NULL,
    grades character varying(20)[] NOT NULL,
    CONSTRAINT enterprise_code_of_its_kind CHECK (((((code_kind)::text = 'uscc'::text) AND ((uscc)::text ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'::text)) OR (((code_kind)::text = 'irregular'::text) AND ((uscc)::text ~ '^[0-9A-Z]{18}$'::text)) OR (((code_kind)::text = 'registration'::text) AND ((uscc)::text ~ '^[0-9]{15}$'::text)) OR (((code_kind)::text = 'organisation'::text) AND ((uscc)::text ~ '^[0-9A-Z]{8}[0-9X]$'::text)))),
    CONSTRAINT enterprise_dissolved_has_a_date CHECK ((((dissolved_on IS NULL) AND ((status)::text = 'existing'::text)) OR ((NOT ((status)::text = 'existing'::text)) AND (dissolved_on IS NOT NULL)))),
    CONSTRAINT enterprise_old_code_has_a_reason CHECK (((((code_kind)::text = 'uscc'::text) AND ((code_reason)::text = ''::text)) OR ((NOT ((code_kind)::text = 'uscc'::text)) AND (NOT ((code_reason)::text = ''::text)))))
);

ALTER TABLE public.enterprises_enterprise ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_enterprise_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_enterprisename (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    used_from date,
    used_to date,
    enterprise_id bigint NOT NULL
);

ALTER TABLE public.enterprises_enterprisename ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_enterprisename_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_formercakey (
    id bigint NOT NULL,
    fingerprint character varying(64) NOT NULL,
    serial_number character varying(64) NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    blocked_reason character varying(200) NOT NULL,
    key_id bigint NOT NULL
);

ALTER TABLE public.enterprises_formercakey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_formercakey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_formercode (
    id bigint NOT NULL,
    code character varying(18) NOT NULL,
    code_kind character varying(20) NOT NULL,
    code_reason character varying(200) NOT NULL,
    used_to timestamp with time zone NOT NULL,
    enterprise_id bigint NOT NULL,
    CONSTRAINT former_code_of_another_enterprise CHECK ((NOT ((code)::text = ''::text)))
);

ALTER TABLE public.enterprises_formercode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_formercode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_operatordelegation (
    id bigint NOT NULL,
    "right" character varying(10) NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    given_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by_id bigint,
    given_by_id bigint NOT NULL,
    key_id bigint NOT NULL,
    CONSTRAINT delegation_ends_after_it_starts CHECK ((ends_on >= starts_on)),
    CONSTRAINT delegation_of_a_known_right CHECK ((("right")::text = ANY ((ARRAY['confirm'::character varying, 'manage'::character varying])::text[]))),
    CONSTRAINT ended_delegation_has_its_author CHECK ((((ended_at IS NULL) AND (ended_by_id IS NULL)) OR ((ended_at IS NOT NULL) AND (ended_by_id IS NOT NULL))))
);

ALTER TABLE public.enterprises_operatordelegation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_operatordelegation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_projectinprogress (
    id bigint NOT NULL,
    number character varying(60) NOT NULL,
    name character varying(200) NOT NULL,
    id_number_index character varying(64) NOT NULL,
    post character varying(60) NOT NULL,
    started_on date,
    finished_on date,
    enterprise_id bigint NOT NULL
);

ALTER TABLE public.enterprises_projectinprogress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_projectinprogress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_qualification (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    number character varying(60) NOT NULL,
    name character varying(100) NOT NULL,
    id_number_index character varying(64) NOT NULL,
    specialty character varying(100) NOT NULL,
    valid_to date,
    is_in_force boolean NOT NULL,
    enterprise_id bigint
);

ALTER TABLE public.enterprises_qualification ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_qualification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_registrycheck (
    id bigint NOT NULL,
    code character varying(18) NOT NULL,
    asked_at timestamp with time zone,
    outcome character varying(10) NOT NULL,
    requested_at timestamp with time zone
);

ALTER TABLE public.enterprises_registrycheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_registrycheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprises_registrysync (
    id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    name character varying(200) NOT NULL,
    legal_representative character varying(200) NOT NULL,
    legal_representative_index character varying(64) NOT NULL,
    status character varying(20) NOT NULL,
    dissolved_on date,
    accepted_at timestamp with time zone,
    accepted_by_id bigint,
    asked_by_id bigint,
    enterprise_id bigint NOT NULL,
    region_id character varying(6),
    CONSTRAINT accepted_sync_has_its_author CHECK ((((accepted_at IS NULL) AND (accepted_by_id IS NULL)) OR ((accepted_at IS NOT NULL) AND (accepted_by_id IS NOT NULL)) OR ((accepted_at IS NOT NULL) AND (asked_by_id IS NULL))))
);

ALTER TABLE public.enterprises_registrysync ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprises_registrysync_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_batchchange (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    what jsonb NOT NULL,
    reason character varying(300) NOT NULL,
    moves boolean NOT NULL,
    told integer NOT NULL,
    batch_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT exam_change_has_a_reason CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT exams_batchchange_told_check CHECK ((told >= 0))
);

ALTER TABLE public.exams_batchchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_batchchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_candidatelist (
    id bigint NOT NULL,
    category character varying(3) NOT NULL,
    picked jsonb NOT NULL,
    checked text,
    updated_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.exams_candidatelist ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_candidatelist_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_checkinlink (
    id bigint NOT NULL,
    token text NOT NULL,
    token_index character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    created_by_id bigint,
    revoked_by_id bigint,
    session_room_id bigint NOT NULL
);

ALTER TABLE public.exams_checkinlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_checkinlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_entryreview (
    id bigint NOT NULL,
    act character varying(12) NOT NULL,
    reasons character varying(12)[] NOT NULL,
    comment character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL,
    acting_for character varying(200) NOT NULL,
    by_id bigint,
    entry_id bigint NOT NULL,
    CONSTRAINT entry_refusal_has_a_reason CHECK (((NOT ((act)::text = 'refused'::text)) OR (NOT ((comment)::text = ''::text)))),
    CONSTRAINT entry_return_has_reasons CHECK (((NOT ((act)::text = 'returned'::text)) OR (
CASE
    WHEN (reasons IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(reasons, 1), 0)
END >= 1))),
    CONSTRAINT entry_review_act_known CHECK (((act)::text = ANY ((ARRAY['returned'::character varying, 'resubmitted'::character varying, 'approved'::character varying, 'refused'::character varying])::text[])))
);

ALTER TABLE public.exams_entryreview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_entryreview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_evidence (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    file character varying(100) NOT NULL,
    original_name character varying(255) NOT NULL,
    content_type character varying(50) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    person_id bigint NOT NULL,
    uploaded_by_id bigint NOT NULL,
    CONSTRAINT exam_evidence_kind_known CHECK (((kind)::text = ANY ((ARRAY['education'::character varying, 'title'::character varying, 'experience'::character varying])::text[]))),
    CONSTRAINT exams_evidence_size_check CHECK ((size >= 0))
);

ALTER TABLE public.exams_evidence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_evidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_exambatch (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    exam_type character varying(10) NOT NULL,
    categories character varying(3)[] NOT NULL,
    sign_up_from date NOT NULL,
    sign_up_to date NOT NULL,
    exam_from date NOT NULL,
    exam_to date NOT NULL,
    site character varying(300) NOT NULL,
    note character varying(500) NOT NULL,
    quota integer NOT NULL,
    taken integer NOT NULL,
    status character varying(10) NOT NULL,
    announced_at timestamp with time zone,
    called_off_at timestamp with time zone,
    called_off_reason character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by_id bigint,
    organiser_id bigint,
    region_id character varying(6) NOT NULL,
    moved_at timestamp with time zone,
    CONSTRAINT exam_after_sign_up CHECK ((exam_from > sign_up_to)),
    CONSTRAINT exam_announced_has_a_time CHECK ((((announced_at IS NOT NULL) AND ((status)::text = 'announced'::text)) OR ((announced_at IS NULL) AND ((status)::text = 'draft'::text)) OR ((status)::text = 'called_off'::text))),
    CONSTRAINT exam_batch_has_a_category CHECK ((
CASE
    WHEN (categories IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(categories, 1), 0)
END >= 1)),
    CONSTRAINT exam_batch_has_places CHECK ((quota >= 1)),
    CONSTRAINT exam_called_off_has_a_reason CHECK ((((called_off_at IS NOT NULL) AND ((status)::text = 'called_off'::text) AND (NOT ((called_off_reason)::text = ''::text))) OR ((NOT ((status)::text = 'called_off'::text)) AND (called_off_at IS NULL) AND ((called_off_reason)::text = ''::text)))),
    CONSTRAINT exam_ends_after_it_starts CHECK ((exam_to >= exam_from)),
    CONSTRAINT exam_quota_not_overrun CHECK ((taken <= quota)),
    CONSTRAINT exam_sign_up_ends_after_it_starts CHECK ((sign_up_to >= sign_up_from)),
    CONSTRAINT exam_status_known CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'announced'::character varying, 'called_off'::character varying])::text[]))),
    CONSTRAINT exams_exambatch_quota_check CHECK ((quota >= 0)),
    CONSTRAINT exams_exambatch_taken_check CHECK ((taken >= 0))
);

ALTER TABLE public.exams_exambatch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_exambatch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_examcheckin (
    id bigint NOT NULL,
    key uuid NOT NULL,
    kind character varying(10) NOT NULL,
    undoes uuid,
    device uuid NOT NULL,
    by_name character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    device_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    link_id bigint NOT NULL,
    seat_id bigint NOT NULL,
    CONSTRAINT exam_check_in_happened_before_it_arrived CHECK ((at <= received_at)),
    CONSTRAINT exam_check_in_has_a_name CHECK ((NOT ((by_name)::text = ''::text))),
    CONSTRAINT exam_check_in_kind_known CHECK (((kind)::text = ANY ((ARRAY['present'::character varying, 'stranger'::character varying, 'undone'::character varying])::text[]))),
    CONSTRAINT exam_check_in_undoes_something CHECK (((((kind)::text = 'undone'::text) AND (undoes IS NOT NULL)) OR ((NOT ((kind)::text = 'undone'::text)) AND (undoes IS NULL))))
);

ALTER TABLE public.exams_examcheckin ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_examcheckin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_examentry (
    id bigint NOT NULL,
    category character varying(3) NOT NULL,
    post character varying(2) NOT NULL,
    state character varying(12) NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    reviewed_at timestamp with time zone,
    comment character varying(300) NOT NULL,
    ticket_number character varying(30) NOT NULL,
    knowledge_score numeric(4,1),
    ability_score numeric(4,1),
    remark character varying(200) NOT NULL,
    settled_at timestamp with time zone,
    application_id bigint,
    batch_id bigint NOT NULL,
    certificate_id bigint,
    entered_by_id bigint,
    enterprise_id bigint NOT NULL,
    import_run_id bigint,
    office_id bigint NOT NULL,
    person_id bigint NOT NULL,
    reviewed_by_id bigint,
    settled_by_id bigint,
    resubmit_by date,
    resubmitted_at timestamp with time zone,
    notified_at timestamp with time zone,
    reopened_at timestamp with time zone,
    CONSTRAINT exam_absence_needs_a_notice CHECK (((NOT ((state)::text = 'absent'::text)) OR (notified_at IS NOT NULL))),
    CONSTRAINT exam_certificate_needs_a_pass CHECK (((certificate_id IS NULL) OR ((state)::text = 'passed'::text))),
    CONSTRAINT exam_entry_remark_where_needed CHECK (((NOT ((state)::text = ANY ((ARRAY['excused'::character varying, 'cheated'::character varying])::text[]))) OR (NOT ((remark)::text = ''::text)))),
    CONSTRAINT exam_entry_returned_until CHECK (((NOT ((state)::text = 'returned'::text)) OR (resubmit_by IS NOT NULL))),
    CONSTRAINT exam_entry_review_fits_state CHECK ((((state)::text = ANY ((ARRAY['entered'::character varying, 'withdrawn'::character varying, 'called_off'::character varying])::text[])) OR ((reviewed_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['approved'::character varying, 'absent'::character varying, 'excused'::character varying, 'failed'::character varying, 'passed'::character varying, 'cheated'::character varying])::text[]))) OR ((reviewed_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['refused'::character varying, 'returned'::character varying])::text[])) AND (NOT ((comment)::text = ''::text))))),
    CONSTRAINT exam_entry_scores_fit_state CHECK ((((knowledge_score IS NOT NULL) AND ((state)::text = ANY ((ARRAY['failed'::character varying, 'passed'::character varying])::text[]))) OR ((NOT ((state)::text = ANY ((ARRAY['failed'::character varying, 'passed'::character varying])::text[]))) AND (ability_score IS NULL) AND (knowledge_score IS NULL)))),
    CONSTRAINT exam_entry_settled_fits_state CHECK ((((settled_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['absent'::character varying, 'excused'::character varying, 'failed'::character varying, 'passed'::character varying, 'cheated'::character varying])::text[]))) OR ((NOT ((state)::text = ANY ((ARRAY['absent'::character varying, 'excused'::character varying, 'failed'::character varying, 'passed'::character varying, 'cheated'::character varying])::text[]))) AND (settled_at IS NULL)))),
    CONSTRAINT exam_entry_state_known CHECK (((state)::text = ANY ((ARRAY['entered'::character varying, 'returned'::character varying, 'approved'::character varying, 'refused'::character varying, 'withdrawn'::character varying, 'absent'::character varying, 'excused'::character varying, 'failed'::character varying, 'passed'::character varying, 'cheated'::character varying, 'called_off'::character varying])::text[])))
);

ALTER TABLE public.exams_examentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_examentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_examroom (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    seats smallint NOT NULL,
    is_active boolean NOT NULL,
    site_id bigint NOT NULL,
    CONSTRAINT exam_room_has_seats CHECK (((seats >= 1) AND (seats <= 500))),
    CONSTRAINT exams_examroom_seats_check CHECK ((seats >= 0))
);

ALTER TABLE public.exams_examroom ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_examroom_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_examseat (
    id bigint NOT NULL,
    number smallint NOT NULL,
    candidate_number character varying(20) NOT NULL,
    code character varying(32) NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    assigned_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    assigned_by_id bigint,
    entry_id bigint NOT NULL,
    person_id bigint NOT NULL,
    session_room_id bigint NOT NULL,
    CONSTRAINT exam_seat_has_a_candidate_number CHECK ((NOT ((candidate_number)::text = ''::text))),
    CONSTRAINT exam_seat_number_fits_a_room CHECK (((number >= 1) AND (number <= 500))),
    CONSTRAINT exams_examseat_number_check CHECK ((number >= 0))
);

ALTER TABLE public.exams_examseat ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_examseat_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_examsession (
    id bigint NOT NULL,
    number smallint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    categories character varying(3)[] NOT NULL,
    batch_id bigint NOT NULL,
    CONSTRAINT exam_session_ends_after_it_starts CHECK ((ends_at > starts_at)),
    CONSTRAINT exams_examsession_number_check CHECK ((number >= 0))
);

ALTER TABLE public.exams_examsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_examsession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_examsite (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    address character varying(200) NOT NULL,
    directions character varying(300) NOT NULL,
    phone character varying(40) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by_id bigint,
    office_id bigint NOT NULL,
    region_id character varying(6) NOT NULL
);

ALTER TABLE public.exams_examsite ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_examsite_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_excuse (
    id bigint NOT NULL,
    reason character varying(300) NOT NULL,
    file character varying(100) NOT NULL,
    original_name character varying(255) NOT NULL,
    content_type character varying(50) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    filed_as character varying(12) NOT NULL,
    filed_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    decided_at timestamp with time zone,
    comment character varying(300) NOT NULL,
    decided_by_id bigint,
    entry_id bigint NOT NULL,
    filed_by_id bigint NOT NULL,
    CONSTRAINT exams_excuse_size_check CHECK ((size >= 0)),
    CONSTRAINT excuse_decided_with_a_comment CHECK ((((decided_at IS NULL) AND ((state)::text = 'waiting'::text)) OR ((decided_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['accepted'::character varying, 'refused'::character varying])::text[])) AND (NOT ((comment)::text = ''::text))))),
    CONSTRAINT excuse_filed_by_a_party CHECK (((filed_as)::text = ANY ((ARRAY['person'::character varying, 'enterprise'::character varying])::text[]))),
    CONSTRAINT excuse_says_why CHECK ((NOT ((reason)::text = ''::text)))
);

ALTER TABLE public.exams_excuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_excuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_paperorder (
    id bigint NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    made_at timestamp with time zone,
    file character varying(100) NOT NULL,
    batch_id bigint NOT NULL,
    ordered_by_id bigint,
    CONSTRAINT exam_papers_made_have_a_time CHECK ((((file)::text = ''::text) OR (made_at IS NOT NULL))),
    CONSTRAINT exam_papers_not_more_than_all CHECK ((done <= total)),
    CONSTRAINT exams_paperorder_done_check CHECK ((done >= 0)),
    CONSTRAINT exams_paperorder_total_check CHECK ((total >= 0))
);

ALTER TABLE public.exams_paperorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_paperorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_resultchange (
    id bigint NOT NULL,
    former_state character varying(12) NOT NULL,
    former_knowledge numeric(4,1),
    former_ability numeric(4,1),
    former_remark character varying(200) NOT NULL,
    state character varying(12) NOT NULL,
    knowledge numeric(4,1),
    ability numeric(4,1),
    remark character varying(200) NOT NULL,
    reason character varying(300) NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by_id bigint,
    entry_id bigint NOT NULL,
    import_run_id bigint,
    CONSTRAINT exam_correction_has_a_reason CHECK ((((former_state)::text = 'approved'::text) OR (NOT ((reason)::text = ''::text)))),
    CONSTRAINT exam_result_change_states_known CHECK ((((former_state)::text = ANY ((ARRAY['approved'::character varying, 'absent'::character varying, 'excused'::character varying, 'failed'::character varying, 'passed'::character varying, 'cheated'::character varying])::text[])) AND ((state)::text = ANY ((ARRAY['approved'::character varying, 'absent'::character varying, 'excused'::character varying, 'failed'::character varying, 'passed'::character varying, 'cheated'::character varying])::text[]))))
);

ALTER TABLE public.exams_resultchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_resultchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exams_sessionroom (
    id bigint NOT NULL,
    number smallint NOT NULL,
    seats smallint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    room_id bigint NOT NULL,
    session_id bigint NOT NULL,
    CONSTRAINT exams_sessionroom_number_check CHECK ((number >= 0)),
    CONSTRAINT exams_sessionroom_seats_check CHECK ((seats >= 0)),
    CONSTRAINT session_room_ends_after_it_starts CHECK ((ends_at > starts_at)),
    CONSTRAINT session_room_has_seats CHECK (((seats >= 1) AND (seats <= 500)))
);

ALTER TABLE public.exams_sessionroom ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exams_sessionroom_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.training_trainingrecord (
    id bigint NOT NULL,
    id_number_index character varying(64) NOT NULL,
    name character varying(100) NOT NULL,
    institution_name character varying(100) NOT NULL,
    course character varying(200) NOT NULL,
    category character varying(3) NOT NULL,
    hours numeric(5,1) NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_reason text NOT NULL,
    import_run_id bigint,
    institution_id bigint,
    recorded_by_id bigint,
    replaced_by_id bigint,
    overlap_reason text NOT NULL,
    source character varying(12) NOT NULL,
    CONSTRAINT training_ends_after_it_starts CHECK ((ends_on >= starts_on)),
    CONSTRAINT training_has_hours CHECK ((hours > (0)::numeric)),
    CONSTRAINT training_source_known CHECK (((source)::text = ANY ((ARRAY['institution'::character varying, 'enterprise'::character varying, 'online'::character varying])::text[])))
);

ALTER TABLE public.training_trainingrecord ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.training_trainingrecord_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_absence (
    id bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    reason character varying(200) NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    deputy_id bigint NOT NULL,
    recorded_by_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT absence_ends_after_it_starts CHECK ((ends_on >= starts_on)),
    CONSTRAINT absence_has_another_deputy CHECK ((NOT (user_id = deputy_id)))
);

ALTER TABLE public.workflow_absence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_absence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_application (
    id bigint NOT NULL,
    number character varying(30) NOT NULL,
    kind character varying(40) NOT NULL,
    filed_by character varying(12) NOT NULL,
    payload_digest character varying(64) NOT NULL,
    flags jsonb NOT NULL,
    status character varying(12) NOT NULL,
    close_reason character varying(20) NOT NULL,
    desk character varying(20) NOT NULL,
    returned_from character varying(20) NOT NULL,
    due_on date,
    due_is_provisional boolean NOT NULL,
    days_left integer,
    created_at timestamp with time zone NOT NULL,
    first_submitted_at timestamp with time zone,
    desk_entered_at timestamp with time zone,
    accepted_at timestamp with time zone,
    closed_at timestamp with time zone,
    is_open boolean GENERATED ALWAYS AS (
CASE
    WHEN ((status)::text = ANY ((ARRAY['in_review'::character varying, 'returned'::character varying])::text[])) THEN true
    ELSE false
END) STORED,
    enterprise_id bigint,
    filer_id bigint,
    former_enterprise_id bigint,
    holder_enterprise_id bigint,
    holder_office_id bigint,
    holder_person_id bigint,
    person_id bigint,
    region_id character varying(6) NOT NULL,
    due_sort date GENERATED ALWAYS AS (COALESCE(due_on, '9999-12-31'::date)) STORED,
    payload text CONSTRAINT workflow_application_sealed_not_null NOT NULL,
    approvers character varying(90)[] NOT NULL,
    stuck character varying(300) NOT NULL,
    stuck_codes jsonb NOT NULL,
    asked_by_id bigint,
    asked_from character varying(20) NOT NULL,
    assignee_id bigint,
    chosen_desk character varying(20) NOT NULL,
    chosen_office_id bigint,
    clock_days integer,
    clock_from date,
    deemed_accepted boolean DEFAULT false NOT NULL,
    was_returned boolean DEFAULT false NOT NULL,
    category character varying(2) DEFAULT ''::character varying NOT NULL,
    enterprise_sort bigint GENERATED ALWAYS AS (COALESCE(enterprise_id, (0)::bigint)) STORED,
    applicant_sort character varying(160) DEFAULT ''::character varying NOT NULL,
    firm_sort character varying(160) DEFAULT ''::character varying NOT NULL,
    mark_sort smallint GENERATED ALWAYS AS (
CASE
    WHEN (NOT ((asked_from)::text = ''::text)) THEN 1
    WHEN was_returned THEN 2
    WHEN deemed_accepted THEN 3
    WHEN (NOT (flags = '[]'::jsonb)) THEN 4
    ELSE 9
END) STORED,
    CONSTRAINT application_assignee_while_open CHECK (((assignee_id IS NULL) OR ((holder_office_id IS NOT NULL) AND ((status)::text = 'in_review'::text)) OR ((status)::text = 'returned'::text))),
    CONSTRAINT application_close_reason CHECK (((((status)::text = 'closed'::text) AND (NOT ((close_reason)::text = ''::text))) OR ((NOT ((status)::text = 'closed'::text)) AND ((close_reason)::text = ''::text)))),
    CONSTRAINT application_closed_has_a_time CHECK ((((closed_at IS NOT NULL) AND ((status)::text = ANY ((ARRAY['approved'::character varying, 'rejected'::character varying, 'withdrawn'::character varying, 'closed'::character varying])::text[]))) OR ((NOT ((status)::text = ANY ((ARRAY['approved'::character varying, 'rejected'::character varying, 'withdrawn'::character varying, 'closed'::character varying])::text[]))) AND (closed_at IS NULL)))),
    CONSTRAINT application_desk_while_open CHECK ((((desk_entered_at IS NOT NULL) AND (first_submitted_at IS NOT NULL) AND ((status)::text = ANY ((ARRAY['in_review'::character varying, 'returned'::character varying])::text[])) AND (NOT ((desk)::text = ''::text))) OR ((NOT ((status)::text = ANY ((ARRAY['in_review'::character varying, 'returned'::character varying])::text[]))) AND ((desk)::text = ''::text) AND (due_on IS NULL) AND (holder_enterprise_id IS NULL) AND (holder_office_id IS NULL) AND (holder_person_id IS NULL)))),
    CONSTRAINT application_holder_fits_desk CHECK (((NOT ((status)::text = ANY ((ARRAY['in_review'::character varying, 'returned'::character varying])::text[]))) OR (((desk)::text = ANY ((ARRAY['filer'::character varying, 'person'::character varying])::text[])) AND (holder_office_id IS NULL) AND (((holder_enterprise_id IS NULL) AND (holder_person_id IS NOT NULL)) OR ((holder_enterprise_id IS NOT NULL) AND (holder_person_id IS NULL)))) OR (((desk)::text = ANY ((ARRAY['former_employer'::character varying, 'employer'::character varying])::text[])) AND (holder_enterprise_id IS NOT NULL) AND (holder_office_id IS NULL) AND (holder_person_id IS NULL)) OR (((desk)::text = ANY ((ARRAY['counter'::character varying, 'municipal'::character varying, 'provincial'::character varying, 'organiser'::character varying])::text[])) AND (holder_enterprise_id IS NULL) AND (holder_office_id IS NOT NULL) AND (holder_person_id IS NULL)))),
    CONSTRAINT application_question_at_an_office CHECK ((((asked_by_id IS NULL) AND ((asked_from)::text = ''::text)) OR ((asked_by_id IS NOT NULL) AND (holder_office_id IS NOT NULL) AND ((status)::text = 'in_review'::text) AND (NOT ((asked_from)::text = ''::text))))),
    CONSTRAINT application_returned_is_at_filer CHECK (((((desk)::text = 'filer'::text) AND ((status)::text = 'returned'::text)) OR ((NOT ((status)::text = 'returned'::text)) AND (NOT ((desk)::text = 'filer'::text))))),
    CONSTRAINT application_status_known CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'in_review'::character varying, 'returned'::character varying, 'approved'::character varying, 'rejected'::character varying, 'withdrawn'::character varying, 'closed'::character varying])::text[])))
);

ALTER TABLE public.workflow_application ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_application_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE public.workflow_application_serial
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.workflow_archivenumber (
    id bigint NOT NULL,
    number character varying(60) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    application_id bigint NOT NULL,
    office_id bigint NOT NULL
);

ALTER TABLE public.workflow_archivenumber ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_archivenumber_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_attachment (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    file character varying(100) NOT NULL,
    original_name character varying(255) NOT NULL,
    content_type character varying(50) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    application_id bigint NOT NULL,
    uploaded_by_id bigint NOT NULL,
    CONSTRAINT workflow_attachment_size_check CHECK ((size >= 0))
);

ALTER TABLE public.workflow_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_bar (
    id bigint NOT NULL,
    scope character varying(40) NOT NULL,
    source character varying(200) NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    document_number character varying(100) NOT NULL,
    lifted_at timestamp with time zone,
    person_id bigint NOT NULL,
    cause character varying(60) NOT NULL,
    CONSTRAINT bar_ends_after_it_starts CHECK ((ends_on >= starts_on))
);

ALTER TABLE public.workflow_bar ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_bar_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_bulkact (
    key uuid NOT NULL,
    title character varying(40) NOT NULL,
    back_url character varying(500) NOT NULL,
    picked bigint[] NOT NULL,
    outcomes jsonb NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    user_id bigint NOT NULL,
    action character varying(20) NOT NULL,
    comment text NOT NULL,
    ordered_at timestamp with time zone,
    seen jsonb NOT NULL,
    begun_at timestamp with time zone,
    detail jsonb NOT NULL,
    taken_back_at timestamp with time zone,
    takes_effect_at timestamp with time zone,
    CONSTRAINT bulk_act_begun_or_taken_back CHECK (((begun_at IS NULL) OR (taken_back_at IS NULL)))
);

CREATE TABLE public.workflow_casenote (
    id bigint NOT NULL,
    author_name character varying(100) NOT NULL,
    office_name character varying(200) NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    application_id bigint NOT NULL,
    author_id bigint NOT NULL
);

ALTER TABLE public.workflow_casenote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_casenote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_caseuse (
    id bigint NOT NULL,
    desk character varying(20) NOT NULL,
    is_reserved boolean NOT NULL,
    until timestamp with time zone NOT NULL,
    application_id bigint NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.workflow_caseuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_caseuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_decisionreason (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    action character varying(20) NOT NULL,
    words character varying(200) NOT NULL,
    basis character varying(200) NOT NULL,
    added_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    added_by_id bigint,
    CONSTRAINT decision_reason_has_words CHECK ((NOT ((words)::text = ''::text))),
    CONSTRAINT decision_reason_returns_or_rejects CHECK (((action)::text = ANY ((ARRAY['return'::character varying, 'reject'::character varying])::text[])))
);

ALTER TABLE public.workflow_decisionreason ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_decisionreason_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_deskfigure (
    id bigint NOT NULL,
    desk character varying(20) NOT NULL,
    kind character varying(40) NOT NULL,
    band character varying(10) NOT NULL,
    number integer NOT NULL,
    came integer NOT NULL,
    oldest_due_on date,
    counted_at timestamp with time zone NOT NULL,
    assignee_id bigint,
    office_id bigint NOT NULL,
    CONSTRAINT desk_figure_came_is_a_part CHECK ((number >= came)),
    CONSTRAINT workflow_deskfigure_came_check CHECK ((came >= 0)),
    CONSTRAINT workflow_deskfigure_number_check CHECK ((number >= 0))
);

ALTER TABLE public.workflow_deskfigure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_deskfigure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_desktime (
    id bigint NOT NULL,
    city character varying(6) NOT NULL,
    accept_median smallint,
    accept_most smallint,
    decide_median smallint,
    decide_most smallint,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT workflow_desktime_accept_median_check CHECK ((accept_median >= 0)),
    CONSTRAINT workflow_desktime_accept_most_check CHECK ((accept_most >= 0)),
    CONSTRAINT workflow_desktime_decide_median_check CHECK ((decide_median >= 0)),
    CONSTRAINT workflow_desktime_decide_most_check CHECK ((decide_most >= 0))
);

ALTER TABLE public.workflow_desktime ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_desktime_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_event (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    action character varying(20) NOT NULL,
    desk character varying(20) NOT NULL,
    to_desk character varying(20) NOT NULL,
    status character varying(12) NOT NULL,
    actor_name character varying(100) NOT NULL,
    acting_for character varying(200) NOT NULL,
    comment text NOT NULL,
    detail jsonb NOT NULL,
    findings jsonb NOT NULL,
    parameters jsonb NOT NULL,
    batch uuid NOT NULL,
    actor_id bigint,
    application_id bigint NOT NULL
);

ALTER TABLE public.workflow_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_exportrequest (
    id bigint NOT NULL,
    key character varying(60) NOT NULL,
    title character varying(100) NOT NULL,
    query text NOT NULL,
    form character varying(4) NOT NULL,
    reason character varying(500) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    is_approved boolean,
    answer character varying(500) NOT NULL,
    made_at timestamp with time zone,
    error character varying(200) NOT NULL,
    expires_at timestamp with time zone,
    file character varying(100) NOT NULL,
    taken integer NOT NULL,
    asked_by_id bigint NOT NULL,
    decided_by_id bigint,
    CONSTRAINT export_decided_by_another CHECK ((NOT ((decided_by_id = asked_by_id) AND (decided_by_id IS NOT NULL)))),
    CONSTRAINT export_decided_by_somebody CHECK ((((decided_at IS NULL) AND (decided_by_id IS NULL) AND (is_approved IS NULL)) OR ((decided_at IS NOT NULL) AND (decided_by_id IS NOT NULL) AND (is_approved IS NOT NULL)))),
    CONSTRAINT export_file_was_approved CHECK ((((file)::text = ''::text) OR ((expires_at IS NOT NULL) AND is_approved AND (made_at IS NOT NULL)))),
    CONSTRAINT workflow_exportrequest_taken_check CHECK ((taken >= 0))
);

ALTER TABLE public.workflow_exportrequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_exportrequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_helddecision (
    id bigint NOT NULL,
    until timestamp with time zone NOT NULL,
    act_id uuid NOT NULL,
    application_id bigint NOT NULL
);

ALTER TABLE public.workflow_helddecision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_helddecision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_helpanswer (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    question character varying(200) NOT NULL,
    answer text NOT NULL,
    reason character varying(200) NOT NULL,
    number integer NOT NULL,
    counted_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    changed_by_id bigint,
    CONSTRAINT help_answer_has_question_and_answer CHECK (((NOT ((question)::text = ''::text)) AND (NOT (answer = ''::text)))),
    CONSTRAINT workflow_helpanswer_number_check CHECK ((number >= 0))
);

ALTER TABLE public.workflow_helpanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_helpanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_lateweek (
    id bigint NOT NULL,
    week date NOT NULL,
    late integer NOT NULL,
    office_id bigint NOT NULL,
    CONSTRAINT workflow_lateweek_late_check CHECK ((late >= 0))
);

ALTER TABLE public.workflow_lateweek ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_lateweek_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_letter (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL,
    content text NOT NULL,
    issued_on date NOT NULL,
    issuer_name character varying(100) NOT NULL,
    token character varying(32) NOT NULL,
    file character varying(100) NOT NULL,
    sha256 character varying(64) NOT NULL,
    signer character varying(64) NOT NULL,
    attempts smallint NOT NULL,
    last_error character varying(500) NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    application_id bigint NOT NULL,
    event_id bigint NOT NULL,
    office_id bigint NOT NULL,
    CONSTRAINT letter_is_signed_or_absent CHECK (((((file)::text = ''::text) AND ((sha256)::text = ''::text) AND ((signer)::text = ''::text)) OR ((NOT ((file)::text = ''::text)) AND (NOT ((sha256)::text = ''::text)) AND (NOT ((signer)::text = ''::text))))),
    CONSTRAINT workflow_letter_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT workflow_letter_serial_check CHECK ((serial >= 0)),
    CONSTRAINT workflow_letter_year_check CHECK ((year >= 0))
);

ALTER TABLE public.workflow_letter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_lettercounter (
    id bigint NOT NULL,
    year smallint NOT NULL,
    last integer NOT NULL,
    office_id bigint NOT NULL,
    CONSTRAINT workflow_lettercounter_last_check CHECK ((last >= 0)),
    CONSTRAINT workflow_lettercounter_year_check CHECK ((year >= 0))
);

ALTER TABLE public.workflow_lettercounter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_lettercounter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_queueview (
    id bigint NOT NULL,
    desk character varying(20) NOT NULL,
    name character varying(20) NOT NULL,
    query character varying(500) NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.workflow_queueview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_queueview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_secondlook (
    id bigint NOT NULL,
    desk character varying(20) NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone,
    outcome character varying(10) NOT NULL,
    words text NOT NULL,
    application_id bigint NOT NULL,
    decided_by_id bigint NOT NULL,
    looked_by_id bigint,
    office_id bigint NOT NULL,
    CONSTRAINT doubts_of_a_second_look_have_words CHECK (((NOT ((outcome)::text = 'doubts'::text)) OR (NOT (words = ''::text)))),
    CONSTRAINT second_look_by_another CHECK (((looked_by_id IS NULL) OR (NOT ((looked_by_id = decided_by_id) AND (looked_by_id IS NOT NULL))))),
    CONSTRAINT second_look_is_done_by_somebody CHECK ((((looked_at IS NULL) AND (looked_by_id IS NULL) AND ((outcome)::text = ''::text)) OR ((NOT ((outcome)::text = ''::text)) AND (looked_at IS NOT NULL) AND (looked_by_id IS NOT NULL))))
);

ALTER TABLE public.workflow_secondlook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.workflow_secondlook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

ALTER TABLE ONLY public.accounts_countercode
    ADD CONSTRAINT accounts_countercode_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_facechallenge
    ADD CONSTRAINT accounts_facechallenge_nonce_key UNIQUE (nonce);

ALTER TABLE ONLY public.accounts_facechallenge
    ADD CONSTRAINT accounts_facechallenge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_facecheck
    ADD CONSTRAINT accounts_facecheck_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_faceconsent
    ADD CONSTRAINT accounts_faceconsent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_facereview
    ADD CONSTRAINT accounts_facereview_check_record_id_key UNIQUE (check_record_id);

ALTER TABLE ONLY public.accounts_facereview
    ADD CONSTRAINT accounts_facereview_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_facesigns
    ADD CONSTRAINT accounts_facesigns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_formeridnumber
    ADD CONSTRAINT accounts_formeridnumber_id_number_index_key UNIQUE (id_number_index);

ALTER TABLE ONLY public.accounts_formeridnumber
    ADD CONSTRAINT accounts_formeridnumber_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_formerpassword
    ADD CONSTRAINT accounts_formerpassword_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_heldcard
    ADD CONSTRAINT accounts_heldcard_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_kioskdevice
    ADD CONSTRAINT accounts_kioskdevice_key_id_key UNIQUE (key_id);

ALTER TABLE ONLY public.accounts_kioskdevice
    ADD CONSTRAINT accounts_kioskdevice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_kioskdevice
    ADD CONSTRAINT accounts_kioskdevice_public_key_key UNIQUE (public_key);

ALTER TABLE ONLY public.accounts_kiosknonce
    ADD CONSTRAINT accounts_kiosknonce_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_kioskrequest
    ADD CONSTRAINT accounts_kioskrequest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_loginfailures
    ADD CONSTRAINT accounts_loginfailures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_loginsession
    ADD CONSTRAINT accounts_loginsession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_loginsession
    ADD CONSTRAINT accounts_loginsession_session_key_key UNIQUE (session_key);

ALTER TABLE ONLY public.accounts_passkey
    ADD CONSTRAINT accounts_passkey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_id_number_index_key UNIQUE (id_number_index);

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_mailbox_id_key UNIQUE (mailbox_id);

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.accounts_phonelogin
    ADD CONSTRAINT accounts_phonelogin_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_phonelogin
    ADD CONSTRAINT accounts_phonelogin_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.accounts_photocheck
    ADD CONSTRAINT accounts_photocheck_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_recoverycode
    ADD CONSTRAINT accounts_recoverycode_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_registercorrection
    ADD CONSTRAINT accounts_registercorrection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_secondfactor
    ADD CONSTRAINT accounts_secondfactor_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_secondfactor
    ADD CONSTRAINT accounts_secondfactor_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_login_key UNIQUE (login);

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_auditcheck
    ADD CONSTRAINT administration_auditcheck_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_auditentry
    ADD CONSTRAINT administration_auditentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_auditlink
    ADD CONSTRAINT administration_auditlink_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.administration_auditlink
    ADD CONSTRAINT administration_auditlink_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.administration_calendarday
    ADD CONSTRAINT administration_calendarday_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.administration_contact
    ADD CONSTRAINT administration_contact_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_delivery
    ADD CONSTRAINT administration_delivery_key_key UNIQUE (key);

ALTER TABLE ONLY public.administration_delivery
    ADD CONSTRAINT administration_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_feedback
    ADD CONSTRAINT administration_feedback_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_figure
    ADD CONSTRAINT administration_figure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_importproblem
    ADD CONSTRAINT administration_importproblem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_importrepetition
    ADD CONSTRAINT administration_importrepetition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_importreversal
    ADD CONSTRAINT administration_importreversal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_importrow
    ADD CONSTRAINT administration_importrow_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_importrun
    ADD CONSTRAINT administration_importrun_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_jobrun
    ADD CONSTRAINT administration_jobrun_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_lookupalarm
    ADD CONSTRAINT administration_lookupalarm_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_lookupcount
    ADD CONSTRAINT administration_lookupcount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_mailbox
    ADD CONSTRAINT administration_mailbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_message
    ADD CONSTRAINT administration_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_messagechoice
    ADD CONSTRAINT administration_messagechoice_pkey PRIMARY KEY (event);

ALTER TABLE ONLY public.administration_notice
    ADD CONSTRAINT administration_notice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_noticeattachment
    ADD CONSTRAINT administration_noticeattachment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_noticeline
    ADD CONSTRAINT administration_noticeline_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_office
    ADD CONSTRAINT administration_office_mailbox_id_key UNIQUE (mailbox_id);

ALTER TABLE ONLY public.administration_office
    ADD CONSTRAINT administration_office_name_key UNIQUE (name);

ALTER TABLE ONLY public.administration_office
    ADD CONSTRAINT administration_office_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_officeroute
    ADD CONSTRAINT administration_officeroute_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_parameter
    ADD CONSTRAINT administration_parameter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_region
    ADD CONSTRAINT administration_region_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.administration_regionalias
    ADD CONSTRAINT administration_regionalias_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.administration_requestcount
    ADD CONSTRAINT administration_requestcount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.administration_sentreminder
    ADD CONSTRAINT administration_sentreminder_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT application_open_pair UNIQUE (id, is_open);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT candidate_number_of_one_entry EXCLUDE USING gist (candidate_number WITH =, entry_id WITH <>);

ALTER TABLE ONLY public.certificates_archivepart
    ADD CONSTRAINT certificates_archivepart_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_certificate
    ADD CONSTRAINT certificates_certificate_number_key UNIQUE (number);

ALTER TABLE ONLY public.certificates_certificate
    ADD CONSTRAINT certificates_certificate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_certificatearchive
    ADD CONSTRAINT certificates_certificatearchive_enterprise_id_key UNIQUE (enterprise_id);

ALTER TABLE ONLY public.certificates_certificatearchive
    ADD CONSTRAINT certificates_certificatearchive_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_certificateevent
    ADD CONSTRAINT certificates_certificateevent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_certificateitem
    ADD CONSTRAINT certificates_certificateitem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_certificateterm
    ADD CONSTRAINT certificates_certificateterm_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT certificates_certificateversion_identifier_key UNIQUE (identifier);

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT certificates_certificateversion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT certificates_certificateversion_token_key UNIQUE (token);

ALTER TABLE ONLY public.certificates_document
    ADD CONSTRAINT certificates_document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_document
    ADD CONSTRAINT certificates_document_sha256_key UNIQUE (sha256);

ALTER TABLE ONLY public.certificates_document
    ADD CONSTRAINT certificates_document_version_id_key UNIQUE (version_id);

ALTER TABLE ONLY public.certificates_documentorder
    ADD CONSTRAINT certificates_documentorder_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_documentorder
    ADD CONSTRAINT certificates_documentorder_version_id_key UNIQUE (version_id);

ALTER TABLE ONLY public.certificates_formernumber
    ADD CONSTRAINT certificates_formernumber_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_legacycertificate
    ADD CONSTRAINT certificates_legacycertificate_fingerprint_key UNIQUE (fingerprint);

ALTER TABLE ONLY public.certificates_legacycertificate
    ADD CONSTRAINT certificates_legacycertificate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_legacysettlement
    ADD CONSTRAINT certificates_legacysettlement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_numbercounter
    ADD CONSTRAINT certificates_numbercounter_pkey PRIMARY KEY (year);

ALTER TABLE ONLY public.certificates_outofprovincecertificate
    ADD CONSTRAINT certificates_outofprovincecertificate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_policybatch
    ADD CONSTRAINT certificates_policybatch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_policybatchrow
    ADD CONSTRAINT certificates_policybatchrow_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_renamebatch
    ADD CONSTRAINT certificates_renamebatch_application_id_key UNIQUE (application_id);

ALTER TABLE ONLY public.certificates_renamebatch
    ADD CONSTRAINT certificates_renamebatch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_renamerow
    ADD CONSTRAINT certificates_renamerow_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_sharelink
    ADD CONSTRAINT certificates_sharelink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_sharelink
    ADD CONSTRAINT certificates_sharelink_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.certificates_shareuse
    ADD CONSTRAINT certificates_shareuse_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_transferproof
    ADD CONSTRAINT certificates_transferproof_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY public.certificates_transferproof
    ADD CONSTRAINT certificates_transferproof_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_transferproof
    ADD CONSTRAINT certificates_transferproof_token_key UNIQUE (token);

ALTER TABLE ONLY public.certificates_verificationkey
    ADD CONSTRAINT certificates_verificationkey_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.certificates_verificationkey
    ADD CONSTRAINT certificates_verificationkey_mark_key UNIQUE (mark);

ALTER TABLE ONLY public.certificates_verificationkey
    ADD CONSTRAINT certificates_verificationkey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificates_verificationuse
    ADD CONSTRAINT certificates_verificationuse_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.employment_employment
    ADD CONSTRAINT employment_employment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.employment_employmentitem
    ADD CONSTRAINT employment_employmentitem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.employment_formerterms
    ADD CONSTRAINT employment_formerterms_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.employment_proposallist
    ADD CONSTRAINT employment_proposallist_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.employment_proposallist
    ADD CONSTRAINT employment_proposallist_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.enterprises_cakey
    ADD CONSTRAINT enterprises_cakey_fingerprint_key UNIQUE (fingerprint);

ALTER TABLE ONLY public.enterprises_cakey
    ADD CONSTRAINT enterprises_cakey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_cakey
    ADD CONSTRAINT enterprises_cakey_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.enterprises_codechange
    ADD CONSTRAINT enterprises_codechange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_codechangerequest
    ADD CONSTRAINT enterprises_codechangerequest_change_id_key UNIQUE (change_id);

ALTER TABLE ONLY public.enterprises_codechangerequest
    ADD CONSTRAINT enterprises_codechangerequest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_enterprise
    ADD CONSTRAINT enterprises_enterprise_mailbox_id_key UNIQUE (mailbox_id);

ALTER TABLE ONLY public.enterprises_enterprise
    ADD CONSTRAINT enterprises_enterprise_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_enterprise
    ADD CONSTRAINT enterprises_enterprise_uscc_key UNIQUE (uscc);

ALTER TABLE ONLY public.enterprises_enterprisename
    ADD CONSTRAINT enterprises_enterprisename_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_formercakey
    ADD CONSTRAINT enterprises_formercakey_fingerprint_key UNIQUE (fingerprint);

ALTER TABLE ONLY public.enterprises_formercakey
    ADD CONSTRAINT enterprises_formercakey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_formercode
    ADD CONSTRAINT enterprises_formercode_code_key UNIQUE (code);

ALTER TABLE ONLY public.enterprises_formercode
    ADD CONSTRAINT enterprises_formercode_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_operatordelegation
    ADD CONSTRAINT enterprises_operatordelegation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_projectinprogress
    ADD CONSTRAINT enterprises_projectinprogress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_qualification
    ADD CONSTRAINT enterprises_qualification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_registrycheck
    ADD CONSTRAINT enterprises_registrycheck_code_key UNIQUE (code);

ALTER TABLE ONLY public.enterprises_registrycheck
    ADD CONSTRAINT enterprises_registrycheck_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprises_registrysync
    ADD CONSTRAINT enterprises_registrysync_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_batchchange
    ADD CONSTRAINT exams_batchchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_candidatelist
    ADD CONSTRAINT exams_candidatelist_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_checkinlink
    ADD CONSTRAINT exams_checkinlink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_checkinlink
    ADD CONSTRAINT exams_checkinlink_token_index_key UNIQUE (token_index);

ALTER TABLE ONLY public.exams_entryreview
    ADD CONSTRAINT exams_entryreview_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_evidence
    ADD CONSTRAINT exams_evidence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_exambatch
    ADD CONSTRAINT exams_exambatch_name_key UNIQUE (name);

ALTER TABLE ONLY public.exams_exambatch
    ADD CONSTRAINT exams_exambatch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_examcheckin
    ADD CONSTRAINT exams_examcheckin_key_key UNIQUE (key);

ALTER TABLE ONLY public.exams_examcheckin
    ADD CONSTRAINT exams_examcheckin_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_certificate_id_key UNIQUE (certificate_id);

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_examroom
    ADD CONSTRAINT exams_examroom_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT exams_examseat_code_key UNIQUE (code);

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT exams_examseat_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_examsession
    ADD CONSTRAINT exams_examsession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_examsite
    ADD CONSTRAINT exams_examsite_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_excuse
    ADD CONSTRAINT exams_excuse_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_paperorder
    ADD CONSTRAINT exams_paperorder_batch_id_key UNIQUE (batch_id);

ALTER TABLE ONLY public.exams_paperorder
    ADD CONSTRAINT exams_paperorder_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_resultchange
    ADD CONSTRAINT exams_resultchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_sessionroom
    ADD CONSTRAINT exams_sessionroom_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_kiosknonce
    ADD CONSTRAINT kiosk_nonce_once UNIQUE (device_id, nonce);

ALTER TABLE ONLY public.accounts_kioskrequest
    ADD CONSTRAINT kiosk_request_once UNIQUE (device_id, request_id);

ALTER TABLE ONLY public.workflow_absence
    ADD CONSTRAINT one_absence_at_a_time EXCLUDE USING gist (user_id WITH =, daterange(starts_on, ends_on, '[]'::text) WITH &&) WHERE ((ended_at IS NULL));

ALTER TABLE ONLY public.workflow_archivenumber
    ADD CONSTRAINT one_application_per_archive_number UNIQUE (office_id, number);

ALTER TABLE ONLY public.exams_candidatelist
    ADD CONSTRAINT one_candidate_list_per_clerk UNIQUE (batch_id, user_id, category);

ALTER TABLE ONLY public.employment_formerterms
    ADD CONSTRAINT one_change_of_terms_per_application UNIQUE (replaced_by_id);

ALTER TABLE ONLY public.administration_contact
    ADD CONSTRAINT one_contact_per_channel UNIQUE (user_id, channel);

ALTER TABLE ONLY public.accounts_loginfailures
    ADD CONSTRAINT one_count_of_failures UNIQUE (login, source, kind);

ALTER TABLE ONLY public.certificates_verificationuse
    ADD CONSTRAINT one_count_per_key_and_day UNIQUE (key_id, day);

ALTER TABLE ONLY public.certificates_shareuse
    ADD CONSTRAINT one_count_per_link_and_day UNIQUE (link_id, day);

ALTER TABLE ONLY public.administration_requestcount
    ADD CONSTRAINT one_count_per_window UNIQUE (scope, source, since);

ALTER TABLE ONLY public.enterprises_operatordelegation
    ADD CONSTRAINT one_delegation_at_a_time EXCLUDE USING gist (key_id WITH =, "right" WITH =, daterange(starts_on, ends_on, '[]'::text) WITH &&) WHERE ((ended_at IS NULL));

ALTER TABLE ONLY public.workflow_deskfigure
    ADD CONSTRAINT one_desk_figure_for_each_cell UNIQUE NULLS NOT DISTINCT (office_id, desk, kind, assignee_id, band);

ALTER TABLE ONLY public.exams_sessionroom
    ADD CONSTRAINT one_exam_in_a_room_at_a_time EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at, '[)'::text) WITH &&) WHERE ((released_at IS NULL));

ALTER TABLE ONLY public.exams_examroom
    ADD CONSTRAINT one_exam_room_per_name UNIQUE (site_id, name);

ALTER TABLE ONLY public.exams_examsession
    ADD CONSTRAINT one_exam_session_per_number UNIQUE (batch_id, number);

ALTER TABLE ONLY public.exams_examsite
    ADD CONSTRAINT one_exam_site_per_name UNIQUE (office_id, name);

ALTER TABLE ONLY public.administration_figure
    ADD CONSTRAINT one_figure_for_each_cell UNIQUE (subject, city, part, key);

ALTER TABLE ONLY public.certificates_formernumber
    ADD CONSTRAINT one_former_number_per_version UNIQUE (certificate_id, through_version);

ALTER TABLE ONLY public.certificates_certificate
    ADD CONSTRAINT one_identifier_per_year_and_serial UNIQUE (year, identifier_serial);

ALTER TABLE ONLY public.workflow_lateweek
    ADD CONSTRAINT one_late_count_per_office_and_week UNIQUE (office_id, week);

ALTER TABLE ONLY public.workflow_lettercounter
    ADD CONSTRAINT one_letter_counter_per_office_and_year UNIQUE (office_id, year);

ALTER TABLE ONLY public.workflow_letter
    ADD CONSTRAINT one_letter_per_number UNIQUE (office_id, year, serial);

ALTER TABLE ONLY public.administration_lookupalarm
    ADD CONSTRAINT one_lookup_alarm_a_day UNIQUE (kind, key, day);

ALTER TABLE ONLY public.administration_lookupcount
    ADD CONSTRAINT one_lookup_count_an_hour UNIQUE (kind, key, since);

ALTER TABLE ONLY public.enterprises_enterprisename
    ADD CONSTRAINT one_name_row_per_start UNIQUE (enterprise_id, name, used_from);

ALTER TABLE ONLY public.certificates_certificate
    ADD CONSTRAINT one_number_per_category_and_serial UNIQUE (category, year, serial);

ALTER TABLE ONLY public.administration_officeroute
    ADD CONSTRAINT one_office_per_region_and_desk UNIQUE (region_id, desk);

ALTER TABLE ONLY public.administration_parameter
    ADD CONSTRAINT one_parameter_value_per_day UNIQUE (key, effective_from);

ALTER TABLE ONLY public.certificates_archivepart
    ADD CONSTRAINT one_part_of_each_number UNIQUE (archive_id, attempt, number);

ALTER TABLE ONLY public.accounts_passkey
    ADD CONSTRAINT one_passkey_of_each_device UNIQUE (credential_id);

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT one_person_has_one_role EXCLUDE USING gist (identity_index WITH =, sphere WITH <>) WHERE ((NOT ((identity_index)::text = ''::text)));

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT one_person_in_one_exam_at_a_time EXCLUDE USING gist (person_id WITH =, tstzrange(starts_at, ends_at, '[)'::text) WITH &&) WHERE ((released_at IS NULL));

ALTER TABLE ONLY public.certificates_policybatchrow
    ADD CONSTRAINT one_policy_row_per_certificate UNIQUE (batch_id, certificate_id);

ALTER TABLE ONLY public.enterprises_projectinprogress
    ADD CONSTRAINT one_project_row_per_person_and_post UNIQUE (number, id_number_index, post);

ALTER TABLE ONLY public.enterprises_qualification
    ADD CONSTRAINT one_qualification_row_per_number UNIQUE (kind, number, specialty);

ALTER TABLE ONLY public.accounts_recoverycode
    ADD CONSTRAINT one_recovery_code_of_each UNIQUE (factor_id, code_hash);

ALTER TABLE ONLY public.administration_sentreminder
    ADD CONSTRAINT one_reminder_of_each UNIQUE (kind, object_id, ends_on, days);

ALTER TABLE ONLY public.certificates_renamerow
    ADD CONSTRAINT one_rename_row_per_certificate UNIQUE (batch_id, certificate_id);

ALTER TABLE ONLY public.certificates_certificateevent
    ADD CONSTRAINT one_reversal_per_event UNIQUE (undoes_id);

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT one_row_per_version UNIQUE (certificate_id, version);

ALTER TABLE ONLY public.exams_sessionroom
    ADD CONSTRAINT one_session_room_per_number UNIQUE (session_id, number);

ALTER TABLE ONLY public.workflow_caseuse
    ADD CONSTRAINT one_use_of_a_case_by_a_member UNIQUE (application_id, user_id);

ALTER TABLE ONLY public.workflow_queueview
    ADD CONSTRAINT one_view_of_a_queue_by_name UNIQUE (user_id, desk, name);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exams_sessionroom
    ADD CONSTRAINT session_room_with_times UNIQUE (id, starts_at, ends_at);

ALTER TABLE ONLY public.certificates_certificateterm
    ADD CONSTRAINT terms_do_not_overlap EXCLUDE USING gist (certificate_id WITH =, daterange(starts_on, ends_on, '[]'::text) WITH &&) WHERE ((reversed_at IS NULL));

ALTER TABLE ONLY public.training_trainingrecord
    ADD CONSTRAINT training_trainingrecord_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_absence
    ADD CONSTRAINT workflow_absence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_number_key UNIQUE (number);

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_archivenumber
    ADD CONSTRAINT workflow_archivenumber_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_attachment
    ADD CONSTRAINT workflow_attachment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_bar
    ADD CONSTRAINT workflow_bar_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_bulkact
    ADD CONSTRAINT workflow_bulkact_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.workflow_casenote
    ADD CONSTRAINT workflow_casenote_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_caseuse
    ADD CONSTRAINT workflow_caseuse_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_decisionreason
    ADD CONSTRAINT workflow_decisionreason_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_deskfigure
    ADD CONSTRAINT workflow_deskfigure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_desktime
    ADD CONSTRAINT workflow_desktime_city_key UNIQUE (city);

ALTER TABLE ONLY public.workflow_desktime
    ADD CONSTRAINT workflow_desktime_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_event
    ADD CONSTRAINT workflow_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_exportrequest
    ADD CONSTRAINT workflow_exportrequest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_helddecision
    ADD CONSTRAINT workflow_helddecision_application_id_key UNIQUE (application_id);

ALTER TABLE ONLY public.workflow_helddecision
    ADD CONSTRAINT workflow_helddecision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_helpanswer
    ADD CONSTRAINT workflow_helpanswer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_lateweek
    ADD CONSTRAINT workflow_lateweek_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_letter
    ADD CONSTRAINT workflow_letter_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY public.workflow_letter
    ADD CONSTRAINT workflow_letter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_letter
    ADD CONSTRAINT workflow_letter_token_key UNIQUE (token);

ALTER TABLE ONLY public.workflow_lettercounter
    ADD CONSTRAINT workflow_lettercounter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_queueview
    ADD CONSTRAINT workflow_queueview_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_secondlook
    ADD CONSTRAINT workflow_secondlook_application_id_key UNIQUE (application_id);

ALTER TABLE ONLY public.workflow_secondlook
    ADD CONSTRAINT workflow_secondlook_pkey PRIMARY KEY (id);

CREATE INDEX absence_deputy ON public.workflow_absence USING btree (deputy_id, ends_on) WHERE (ended_at IS NULL);

CREATE INDEX accounts_countercode_issued_by_id_93d7bc7b ON public.accounts_countercode USING btree (issued_by_id);

CREATE INDEX accounts_countercode_office_id_5a1d518b ON public.accounts_countercode USING btree (office_id);

CREATE INDEX accounts_facechallenge_person_id_dffb784b ON public.accounts_facechallenge USING btree (person_id);

CREATE INDEX accounts_faceconsent_person_id_27eac96f ON public.accounts_faceconsent USING btree (person_id);

CREATE INDEX accounts_facereview_decided_by_id_8898e319 ON public.accounts_facereview USING btree (decided_by_id);

CREATE INDEX accounts_facereview_person_id_f01ada6a ON public.accounts_facereview USING btree (person_id);

CREATE INDEX accounts_formeridnumber_person_id_85150d0a ON public.accounts_formeridnumber USING btree (person_id);

CREATE INDEX accounts_formerpassword_user_id_a77d672c ON public.accounts_formerpassword USING btree (user_id);

CREATE INDEX accounts_heldcard_office_id_014b0e3f ON public.accounts_heldcard USING btree (office_id);

CREATE INDEX accounts_heldcard_person_id_53e25027 ON public.accounts_heldcard USING btree (person_id);

CREATE INDEX accounts_kioskdevice_created_by_id_67f6f487 ON public.accounts_kioskdevice USING btree (created_by_id);

CREATE INDEX accounts_kioskdevice_office_id_c5260ac7 ON public.accounts_kioskdevice USING btree (office_id);

CREATE INDEX accounts_kiosknonce_seen_at_82d28368 ON public.accounts_kiosknonce USING btree (seen_at);

CREATE INDEX accounts_kioskrequest_held_card_id_4369c32c ON public.accounts_kioskrequest USING btree (held_card_id);

CREATE INDEX accounts_kioskrequest_person_id_8db58c83 ON public.accounts_kioskrequest USING btree (person_id);

CREATE INDEX accounts_loginsession_user_id_88028387 ON public.accounts_loginsession USING btree (user_id);

CREATE INDEX accounts_passkey_user_id_f8f562b4 ON public.accounts_passkey USING btree (user_id);

CREATE INDEX accounts_person_merged_into_id_420ee5f6 ON public.accounts_person USING btree (merged_into_id);

CREATE INDEX accounts_person_registered_at_office_id_3987d876 ON public.accounts_person USING btree (registered_at_office_id);

CREATE INDEX accounts_person_registered_by_device_id_d6d656c9 ON public.accounts_person USING btree (registered_by_device_id);

CREATE INDEX accounts_phonelogin_user_id_75d3ea8b ON public.accounts_phonelogin USING btree (user_id);

CREATE INDEX accounts_photocheck_by_id_cb41549f ON public.accounts_photocheck USING btree (by_id);

CREATE INDEX accounts_registercorrection_office_id_21526dc1 ON public.accounts_registercorrection USING btree (office_id);

CREATE INDEX accounts_registercorrection_other_id_7dba7f90 ON public.accounts_registercorrection USING btree (other_id);

CREATE INDEX accounts_registercorrection_person_id_843233b3 ON public.accounts_registercorrection USING btree (person_id);

CREATE INDEX accounts_registercorrection_requested_by_id_6da3a7d7 ON public.accounts_registercorrection USING btree (requested_by_id);

CREATE INDEX accounts_registercorrection_settled_by_id_810543dd ON public.accounts_registercorrection USING btree (settled_by_id);

CREATE INDEX accounts_registercorrection_undoes_id_6094d043 ON public.accounts_registercorrection USING btree (undoes_id);

CREATE INDEX accounts_user_office_id_1be52a43 ON public.accounts_user USING btree (office_id);

CREATE INDEX administration_contact_mailbox_id_4b0355ea ON public.administration_contact USING btree (mailbox_id);

CREATE INDEX administration_delivery_message_id_5068942b ON public.administration_delivery USING btree (message_id);

CREATE INDEX administration_feedback_mailbox_id_6b086b47 ON public.administration_feedback USING btree (mailbox_id);

CREATE INDEX administration_importproblem_run_id_a40f23f2 ON public.administration_importproblem USING btree (run_id);

CREATE INDEX administration_importrepetition_reversal_id_8e7a74aa ON public.administration_importrepetition USING btree (reversal_id);

CREATE INDEX administration_importrepetition_run_id_c87e770e ON public.administration_importrepetition USING btree (run_id);

CREATE INDEX administration_importreversal_run_id_22c9b76c ON public.administration_importreversal USING btree (run_id);

CREATE INDEX administration_importrow_reversal_id_05085d4c ON public.administration_importrow USING btree (reversal_id);

CREATE INDEX administration_importrun_office_id_da1ef853 ON public.administration_importrun USING btree (office_id);

CREATE INDEX administration_notice_office_id_2a12801a ON public.administration_notice USING btree (office_id);

CREATE INDEX administration_noticeattachment_notice_id_1ec01fca ON public.administration_noticeattachment USING btree (notice_id);

CREATE INDEX administration_noticeline_notice_id_5fb7dcab ON public.administration_noticeline USING btree (notice_id);

CREATE INDEX administration_noticeline_source_a8da5236 ON public.administration_noticeline USING btree (source);

CREATE INDEX administration_office_region_id_5753cb22 ON public.administration_office USING btree (region_id);

CREATE INDEX administration_officeroute_office_id_d1894946 ON public.administration_officeroute USING btree (office_id);

CREATE INDEX administration_region_parent_id_c2e7057a ON public.administration_region USING btree (parent_id);

CREATE INDEX administration_regionalias_region_id_0962333d ON public.administration_regionalias USING btree (region_id);

CREATE INDEX application_enterprise ON public.workflow_application USING btree (enterprise_id, id DESC);

CREATE INDEX application_kind ON public.workflow_application USING btree (kind, id DESC);

CREATE INDEX application_number_parts ON public.workflow_application USING gin (upper((number)::text) public.gin_trgm_ops);

CREATE INDEX application_person ON public.workflow_application USING btree (person_id, id DESC);

CREATE INDEX application_status ON public.workflow_application USING btree (status, id DESC);

CREATE INDEX audit_action ON public.administration_auditentry USING btree (action, at, id);

CREATE INDEX audit_actor ON public.administration_auditentry USING btree (actor_id, at, id);

CREATE INDEX audit_actor_name ON public.administration_auditentry USING btree (actor_name, at, id);

CREATE INDEX audit_address ON public.administration_auditentry USING btree (address, at, id);

CREATE INDEX audit_at ON public.administration_auditentry USING btree (at, id);

CREATE INDEX audit_object ON public.administration_auditentry USING btree (object_type, object_id, at, id);

CREATE INDEX audit_request ON public.administration_auditentry USING btree (request_id);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX bar_person ON public.workflow_bar USING btree (person_id, scope, ends_on) WHERE (lifted_at IS NULL);

CREATE INDEX bulk_act_age ON public.workflow_bulkact USING btree (started_at);

CREATE INDEX bulk_act_undoable ON public.workflow_bulkact USING btree (user_id, takes_effect_at) WHERE ((begun_at IS NULL) AND (taken_back_at IS NULL) AND (takes_effect_at IS NOT NULL));

CREATE INDEX case_note_case ON public.workflow_casenote USING btree (application_id, id);

CREATE INDEX certificate_category ON public.certificates_certificate USING btree (category, id);

CREATE INDEX certificate_display ON public.certificates_certificate USING btree (display_status, id);

CREATE INDEX certificate_ends ON public.certificates_certificate USING btree (ends_on, id) WHERE ((legal_state)::text = '01'::text);

CREATE INDEX certificate_enterprise ON public.certificates_certificate USING btree (enterprise_id, category, id);

CREATE INDEX certificate_event_document_parts ON public.certificates_certificateevent USING gin (upper((document_number)::text) public.gin_trgm_ops);

CREATE INDEX certificate_operations ON public.certificates_certificateevent USING btree (operation, id DESC);

CREATE INDEX certificate_origin ON public.certificates_certificate USING btree (origin, id);

CREATE INDEX certificate_person ON public.certificates_certificate USING btree (person_id, id);

CREATE INDEX certificate_state ON public.certificates_certificate USING btree (legal_state, id);

CREATE INDEX certificate_trail ON public.certificates_certificateevent USING btree (certificate_id, id);

CREATE INDEX certificate_until ON public.certificates_certificateevent USING btree (until) WHERE (until IS NOT NULL);

CREATE INDEX certificate_window ON public.certificates_certificate USING btree (ends_on, id) WHERE ((legal_state)::text = ANY ((ARRAY['01'::character varying, '02'::character varying, '05'::character varying])::text[]));

CREATE INDEX certificates_certificate_additional_to_id_6cd7ea1a ON public.certificates_certificate USING btree (additional_to_id);

CREATE INDEX certificates_certificatearchive_ordered_by_id_a5328077 ON public.certificates_certificatearchive USING btree (ordered_by_id);

CREATE INDEX certificates_certificateevent_actor_id_7513ad89 ON public.certificates_certificateevent USING btree (actor_id);

CREATE INDEX certificates_certificateevent_application_id_c663b6ad ON public.certificates_certificateevent USING btree (application_id);

CREATE INDEX certificates_certificateevent_version_id_312b3776 ON public.certificates_certificateevent USING btree (version_id);

CREATE INDEX certificates_certificateterm_certificate_id_81fde4f1 ON public.certificates_certificateterm USING btree (certificate_id);

CREATE INDEX certificates_certificateversion_application_id_e760ae78 ON public.certificates_certificateversion USING btree (application_id);

CREATE INDEX certificates_certificateversion_enterprise_id_988ef347 ON public.certificates_certificateversion USING btree (enterprise_id);

CREATE INDEX certificates_certificateversion_term_id_fd70d6be ON public.certificates_certificateversion USING btree (term_id);

CREATE INDEX certificates_legacycertificate_certificate_id_b330dba0 ON public.certificates_legacycertificate USING btree (certificate_id);

CREATE INDEX certificates_legacysettlement_by_id_4d4348a3 ON public.certificates_legacysettlement USING btree (by_id);

CREATE INDEX certificates_legacysettlement_other_id_dd2c7dd0 ON public.certificates_legacysettlement USING btree (other_id);

CREATE INDEX certificates_legacysettlement_replacement_id_f7f8940d ON public.certificates_legacysettlement USING btree (replacement_id);

CREATE INDEX certificates_outofprovincecertificate_declared_by_id_d0a33700 ON public.certificates_outofprovincecertificate USING btree (declared_by_id);

CREATE INDEX certificates_outofprovincecertificate_import_run_id_7cea64ea ON public.certificates_outofprovincecertificate USING btree (import_run_id);

CREATE INDEX certificates_policybatch_approved_by_id_0a35ba00 ON public.certificates_policybatch USING btree (approved_by_id);

CREATE INDEX certificates_policybatch_asked_by_id_ca98c04b ON public.certificates_policybatch USING btree (asked_by_id);

CREATE INDEX certificates_policybatch_created_by_id_202a7da7 ON public.certificates_policybatch USING btree (created_by_id);

CREATE INDEX certificates_policybatch_reversal_asked_by_id_d9a50893 ON public.certificates_policybatch USING btree (reversal_asked_by_id);

CREATE INDEX certificates_policybatch_reversed_by_id_a3584759 ON public.certificates_policybatch USING btree (reversed_by_id);

CREATE INDEX certificates_policybatchrow_certificate_id_41b9ff6b ON public.certificates_policybatchrow USING btree (certificate_id);

CREATE INDEX certificates_policybatchrow_term_id_1e1fd3a2 ON public.certificates_policybatchrow USING btree (term_id);

CREATE INDEX certificates_policybatchrow_version_id_eff4807e ON public.certificates_policybatchrow USING btree (version_id);

CREATE INDEX certificates_renamebatch_enterprise_id_0cba73d9 ON public.certificates_renamebatch USING btree (enterprise_id);

CREATE INDEX certificates_renamerow_certificate_id_9e03cce8 ON public.certificates_renamerow USING btree (certificate_id);

CREATE INDEX certificates_renamerow_version_id_8345d532 ON public.certificates_renamerow USING btree (version_id);

CREATE INDEX certificates_sharelink_certificate_id_198afc91 ON public.certificates_sharelink USING btree (certificate_id);

CREATE INDEX certificates_transferproof_certificate_id_2674ec97 ON public.certificates_transferproof USING btree (certificate_id);

CREATE INDEX certificates_verificationkey_created_by_id_d0d50b63 ON public.certificates_verificationkey USING btree (created_by_id);

CREATE INDEX certificates_verificationkey_revoked_by_id_8e9e7d61 ON public.certificates_verificationkey USING btree (revoked_by_id);

CREATE INDEX certitem_application ON public.certificates_certificateitem USING btree (application_id, is_open);

CREATE INDEX certitem_certificate ON public.certificates_certificateitem USING btree (certificate_id, id);

CREATE INDEX check_requested ON public.enterprises_registrycheck USING btree (requested_at) WHERE (requested_at IS NOT NULL);

CREATE UNIQUE INDEX correction_is_undone_once ON public.accounts_registercorrection USING btree (undoes_id) WHERE ((outcome)::text = ANY ((ARRAY[''::character varying, 'done'::character varying])::text[]));

CREATE INDEX correction_waiting ON public.accounts_registercorrection USING btree (office_id, id) WHERE ((outcome)::text = ''::text);

CREATE INDEX counter_code_person ON public.accounts_countercode USING btree (person_id, id DESC);

CREATE INDEX delegation_key ON public.enterprises_operatordelegation USING btree (key_id, id DESC);

CREATE INDEX delivery_contact ON public.administration_delivery USING btree (contact_id, id DESC);

CREATE INDEX delivery_due ON public.administration_delivery USING btree (channel, due_at, id) WHERE ((state)::text = 'waiting'::text);

CREATE INDEX delivery_failed ON public.administration_delivery USING btree (id DESC) WHERE ((state)::text = 'failed'::text);

CREATE INDEX delivery_failed_lately ON public.administration_delivery USING btree (created_at) WHERE ((state)::text = 'failed'::text);

CREATE INDEX delivery_sent ON public.administration_delivery USING btree (contact_id, sent_at) WHERE (sent_at IS NOT NULL);

CREATE INDEX delivery_tried_often ON public.administration_delivery USING btree (id) WHERE ((attempts >= 4) AND ((state)::text = 'waiting'::text));

CREATE INDEX delivery_turn ON public.administration_delivery USING btree (contact_id, is_urgent, id) WHERE ((state)::text = 'waiting'::text);

CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);

CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX employment_by_end ON public.employment_employment USING btree (end_reason, started_at DESC, id DESC) WHERE (NOT ((end_reason)::text = ''::text));

CREATE INDEX employment_contract_end ON public.employment_employment USING btree (contract_to) WHERE (ended_at IS NULL);

CREATE INDEX employment_contracts ON public.employment_employment USING btree (enterprise_id, contract_to, id) WHERE ((contract_to IS NOT NULL) AND (ended_at IS NULL));

CREATE INDEX employment_employment_ended_by_id_7c8aeb3c ON public.employment_employment USING btree (ended_by_id);

CREATE INDEX employment_employment_enterprise_id_c2f829be ON public.employment_employment USING btree (enterprise_id);

CREATE INDEX employment_employment_started_by_id_59a38770 ON public.employment_employment USING btree (started_by_id);

CREATE INDEX employment_employmentitem_employment_id_c0e7ac71 ON public.employment_employmentitem USING btree (employment_id);

CREATE INDEX employment_ended ON public.employment_employment USING btree (started_at DESC, id DESC) WHERE (ended_at IS NOT NULL);

CREATE INDEX employment_formerterms_employment_id_c25d0057 ON public.employment_formerterms USING btree (employment_id);

CREATE INDEX employment_history ON public.employment_employment USING btree (person_id, started_at DESC);

CREATE INDEX employment_latest ON public.employment_employment USING btree (started_at DESC, id DESC);

CREATE INDEX employment_of_the_gone ON public.employment_employment USING btree (enterprise_id, ended_at DESC) WHERE ((end_reason)::text = 'enterprise_gone'::text);

CREATE INDEX employment_staff ON public.employment_employment USING btree (enterprise_id, person_id) WHERE (ended_at IS NULL);

CREATE INDEX employmentitem_application ON public.employment_employmentitem USING btree (application_id, is_open);

CREATE INDEX enterprise_code_parts ON public.enterprises_enterprise USING gin (upper((uscc)::text) public.gin_trgm_ops);

CREATE INDEX enterprise_former_name ON public.enterprises_enterprisename USING btree (name);

CREATE INDEX enterprise_legal_rep ON public.enterprises_enterprise USING btree (legal_representative_index) WHERE (NOT ((legal_representative_index)::text = ''::text));

CREATE INDEX enterprise_name ON public.enterprises_enterprise USING btree (name text_pattern_ops);

CREATE INDEX enterprise_name_parts ON public.enterprises_enterprise USING gin (string_to_array((name)::text, NULL::text));

CREATE INDEX enterprises_cakey_enterprise_id_006ee571 ON public.enterprises_cakey USING btree (enterprise_id);

CREATE INDEX enterprises_codechange_changed_by_id_a14121a7 ON public.enterprises_codechange USING btree (changed_by_id);

CREATE INDEX enterprises_codechange_enterprise_id_d230a5c0 ON public.enterprises_codechange USING btree (enterprise_id);

CREATE INDEX enterprises_codechangerequest_enterprise_id_4c26e656 ON public.enterprises_codechangerequest USING btree (enterprise_id);

CREATE INDEX enterprises_codechangerequest_requested_by_id_710a4a2b ON public.enterprises_codechangerequest USING btree (requested_by_id);

CREATE INDEX enterprises_codechangerequest_settled_by_id_ba2e302c ON public.enterprises_codechangerequest USING btree (settled_by_id);

CREATE INDEX enterprises_enterprise_region_id_095272a5 ON public.enterprises_enterprise USING btree (region_id);

CREATE INDEX enterprises_formercakey_key_id_14b6a1ee ON public.enterprises_formercakey USING btree (key_id);

CREATE INDEX enterprises_formercode_enterprise_id_fe272d8c ON public.enterprises_formercode USING btree (enterprise_id);

CREATE INDEX enterprises_operatordelegation_ended_by_id_98cd2d29 ON public.enterprises_operatordelegation USING btree (ended_by_id);

CREATE INDEX enterprises_operatordelegation_given_by_id_9ffd057c ON public.enterprises_operatordelegation USING btree (given_by_id);

CREATE INDEX enterprises_projectinprogress_enterprise_id_b6900756 ON public.enterprises_projectinprogress USING btree (enterprise_id);

CREATE INDEX enterprises_qualification_enterprise_id_ab76385c ON public.enterprises_qualification USING btree (enterprise_id);

CREATE INDEX enterprises_registrysync_accepted_by_id_423c35c6 ON public.enterprises_registrysync USING btree (accepted_by_id);

CREATE INDEX enterprises_registrysync_asked_by_id_385f557f ON public.enterprises_registrysync USING btree (asked_by_id);

CREATE INDEX enterprises_registrysync_enterprise_id_880e8cf6 ON public.enterprises_registrysync USING btree (enterprise_id);

CREATE INDEX enterprises_registrysync_region_id_5283b2fb ON public.enterprises_registrysync USING btree (region_id);

CREATE INDEX entry_review_of_entry ON public.exams_entryreview USING btree (entry_id, id);

CREATE INDEX event_action ON public.workflow_event USING btree (action, id);

CREATE INDEX event_actor ON public.workflow_event USING btree (actor_id, id DESC) WHERE (actor_id IS NOT NULL);

CREATE INDEX event_application ON public.workflow_event USING btree (application_id, id);

CREATE INDEX exam_batch_region ON public.exams_exambatch USING btree (region_id, exam_from DESC);

CREATE INDEX exam_check_in_undone ON public.exams_examcheckin USING btree (undoes) WHERE (undoes IS NOT NULL);

CREATE INDEX exam_entry_batch ON public.exams_examentry USING btree (batch_id, id);

CREATE INDEX exam_entry_enterprise ON public.exams_examentry USING btree (enterprise_id, id DESC);

CREATE INDEX exam_entry_queue ON public.exams_examentry USING btree (office_id, state, id) WHERE ((state)::text = ANY ((ARRAY['entered'::character varying, 'returned'::character varying])::text[]));

CREATE INDEX exam_entry_to_issue ON public.exams_examentry USING btree (person_id) WHERE ((application_id IS NULL) AND ((state)::text = 'passed'::text));

CREATE INDEX exam_entry_unsettled ON public.exams_examentry USING btree (batch_id) WHERE ((state)::text = 'approved'::text);

CREATE INDEX exam_evidence_person ON public.exams_evidence USING btree (person_id, id);

CREATE INDEX exam_result_history ON public.exams_resultchange USING btree (entry_id, id);

CREATE INDEX exams_batchchange_batch_id_0932c8b2 ON public.exams_batchchange USING btree (batch_id);

CREATE INDEX exams_batchchange_by_id_a73b4d32 ON public.exams_batchchange USING btree (by_id);

CREATE INDEX exams_candidatelist_user_id_94be12bb ON public.exams_candidatelist USING btree (user_id);

CREATE INDEX exams_checkinlink_created_by_id_3d17bce0 ON public.exams_checkinlink USING btree (created_by_id);

CREATE INDEX exams_checkinlink_revoked_by_id_ae0f5a7a ON public.exams_checkinlink USING btree (revoked_by_id);

CREATE INDEX exams_entryreview_by_id_55186fcd ON public.exams_entryreview USING btree (by_id);

CREATE INDEX exams_evidence_uploaded_by_id_5e3b7502 ON public.exams_evidence USING btree (uploaded_by_id);

CREATE INDEX exams_exambatch_created_by_id_b0cee0ec ON public.exams_exambatch USING btree (created_by_id);

CREATE INDEX exams_exambatch_organiser_id_9a7bbb28 ON public.exams_exambatch USING btree (organiser_id);

CREATE INDEX exams_examcheckin_seat_id_cb9142f0 ON public.exams_examcheckin USING btree (seat_id);

CREATE INDEX exams_examentry_application_id_78f1ccd9 ON public.exams_examentry USING btree (application_id);

CREATE INDEX exams_examentry_entered_by_id_7f78e5d0 ON public.exams_examentry USING btree (entered_by_id);

CREATE INDEX exams_examentry_import_run_id_00582e23 ON public.exams_examentry USING btree (import_run_id);

CREATE INDEX exams_examentry_office_id_fb83b50d ON public.exams_examentry USING btree (office_id);

CREATE INDEX exams_examentry_person_id_1c86ac74 ON public.exams_examentry USING btree (person_id);

CREATE INDEX exams_examentry_reviewed_by_id_74a0c59e ON public.exams_examentry USING btree (reviewed_by_id);

CREATE INDEX exams_examentry_settled_by_id_5375cb96 ON public.exams_examentry USING btree (settled_by_id);

CREATE INDEX exams_examseat_assigned_by_id_547929ea ON public.exams_examseat USING btree (assigned_by_id);

CREATE INDEX exams_examseat_entry_id_8d3ff038 ON public.exams_examseat USING btree (entry_id);

CREATE INDEX exams_examseat_person_id_bf570c78 ON public.exams_examseat USING btree (person_id);

CREATE INDEX exams_examseat_session_room_id_ec6869a9 ON public.exams_examseat USING btree (session_room_id);

CREATE INDEX exams_examsite_created_by_id_7d557579 ON public.exams_examsite USING btree (created_by_id);

CREATE INDEX exams_examsite_region_id_1ed6067a ON public.exams_examsite USING btree (region_id);

CREATE INDEX exams_paperorder_ordered_by_id_b928521b ON public.exams_paperorder USING btree (ordered_by_id);

CREATE INDEX excuse_entry ON public.exams_excuse USING btree (entry_id, id);

CREATE INDEX export_asker ON public.workflow_exportrequest USING btree (asked_by_id, id DESC);

CREATE INDEX export_expiring ON public.workflow_exportrequest USING btree (expires_at) WHERE (NOT ((file)::text = ''::text));

CREATE INDEX export_waiting ON public.workflow_exportrequest USING btree (id) WHERE (decided_at IS NULL);

CREATE INDEX face_challenge_expiry ON public.accounts_facechallenge USING btree (expires_at);

CREATE INDEX face_check_person ON public.accounts_facecheck USING btree (person_id, id DESC);

CREATE INDEX face_review_waiting ON public.accounts_facereview USING btree (id) WHERE ((state)::text = 'waiting'::text);

CREATE INDEX face_signs_person ON public.accounts_facesigns USING btree (person_id, id DESC);

CREATE INDEX feedback_waiting ON public.administration_feedback USING btree (id DESC) WHERE (answered_at IS NULL);

CREATE INDEX former_identifier ON public.certificates_formernumber USING btree (year, identifier_serial);

CREATE INDEX former_number ON public.certificates_formernumber USING btree (number);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX import_repetitions_of_type ON public.administration_importrepetition USING btree (object_type, run_id);

CREATE INDEX import_rows_of_object ON public.administration_importrow USING btree (object_type, object_id);

CREATE INDEX import_rows_of_run ON public.administration_importrow USING btree (run_id, outcome, "position", id);

CREATE INDEX jobrun_latest ON public.administration_jobrun USING btree (name, id DESC);

CREATE INDEX kiosk_receipt_kept ON public.accounts_kioskrequest USING btree (receipt_until) WHERE (receipt_until IS NOT NULL);

CREATE INDEX legacy_id_number ON public.certificates_legacycertificate USING btree (id_number_index, id);

CREATE INDEX legacy_number ON public.certificates_legacycertificate USING btree (number);

CREATE INDEX legacy_person ON public.certificates_legacycertificate USING btree (id_number_index) WHERE ((state)::text = 'unmatched'::text);

CREATE INDEX legacy_run ON public.certificates_legacycertificate USING btree (import_run_id, id);

CREATE INDEX legacy_serial ON public.certificates_legacycertificate USING btree (number_year, number_serial) WHERE (number_serial IS NOT NULL);

CREATE INDEX legacy_state ON public.certificates_legacycertificate USING btree (state, id);

CREATE INDEX letter_file ON public.workflow_letter USING btree (sha256);

CREATE INDEX letter_waiting ON public.workflow_letter USING btree (id) WHERE ((file)::text = ''::text);

CREATE INDEX login_failures_until ON public.accounts_loginfailures USING btree (until);

CREATE INDEX login_session_open ON public.accounts_loginsession USING btree (user_id, id DESC) WHERE (ended_at IS NULL);

CREATE INDEX login_session_started ON public.accounts_loginsession USING btree (started_at);

CREATE INDEX lookup_count_since ON public.administration_lookupcount USING btree (since);

CREATE INDEX message_box ON public.administration_message USING btree (mailbox_id, id DESC);

CREATE INDEX message_kind ON public.administration_message USING btree (mailbox_id, kind, id DESC);

CREATE INDEX message_unread ON public.administration_message USING btree (mailbox_id) WHERE (read_at IS NULL);

CREATE INDEX notice_published ON public.administration_notice USING btree (published_at DESC, id DESC);

CREATE UNIQUE INDEX one_active_employment_per_person ON public.employment_employment USING btree (person_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX one_attachment_per_content ON public.workflow_attachment USING btree (application_id, kind, sha256) WHERE (removed_at IS NULL);

CREATE UNIQUE INDEX one_candidate_per_seat ON public.exams_examseat USING btree (session_room_id, number) WHERE (released_at IS NULL);

CREATE UNIQUE INDEX one_check_in_link_per_room ON public.exams_checkinlink USING btree (session_room_id) WHERE (revoked_at IS NULL);

CREATE UNIQUE INDEX one_decision_reason_per_words ON public.workflow_decisionreason USING btree (kind, action, words) WHERE (retired_at IS NULL);

CREATE UNIQUE INDEX one_evidence_per_content ON public.exams_evidence USING btree (person_id, kind, sha256) WHERE (removed_at IS NULL);

CREATE UNIQUE INDEX one_held_card_per_person ON public.accounts_heldcard USING btree (person_id) WHERE (settled_at IS NULL);

CREATE UNIQUE INDEX one_help_answer_per_question ON public.workflow_helpanswer USING btree (kind, question) WHERE (retired_at IS NULL);

CREATE UNIQUE INDEX one_import_reversal_at_a_time ON public.administration_importreversal USING btree (run_id) WHERE (finished_at IS NULL);

CREATE UNIQUE INDEX one_live_entry_per_person_category_batch ON public.exams_examentry USING btree (batch_id, person_id, category) WHERE ((state)::text = ANY ((ARRAY['entered'::character varying, 'returned'::character varying, 'approved'::character varying, 'absent'::character varying, 'excused'::character varying, 'failed'::character varying, 'passed'::character varying, 'cheated'::character varying])::text[]));

CREATE UNIQUE INDEX one_live_legacy_row_per_number ON public.certificates_legacycertificate USING btree (number) WHERE (((state)::text = ANY ((ARRAY['unmatched'::character varying, 'matched'::character varying])::text[])) AND (NOT ((number)::text = ''::text)));

CREATE UNIQUE INDEX one_notice_attachment_per_content ON public.administration_noticeattachment USING btree (notice_id, sha256) WHERE (removed_at IS NULL);

CREATE UNIQUE INDEX one_open_application_per_certificate ON public.certificates_certificateitem USING btree (certificate_id) WHERE is_open;

CREATE UNIQUE INDEX one_open_application_per_claim ON public.certificates_certificateitem USING btree (claim_key) WHERE (is_open AND (NOT ((claim_key)::text = ''::text)));

CREATE UNIQUE INDEX one_open_application_per_employment ON public.employment_employmentitem USING btree (employment_id) WHERE is_open;

CREATE UNIQUE INDEX one_open_code_request_per_code ON public.enterprises_codechangerequest USING btree (code) WHERE ((outcome)::text = ''::text);

CREATE UNIQUE INDEX one_open_code_request_per_enterprise ON public.enterprises_codechangerequest USING btree (enterprise_id) WHERE ((outcome)::text = ''::text);

CREATE UNIQUE INDEX one_open_correction_per_number ON public.accounts_registercorrection USING btree (id_number_index) WHERE (((outcome)::text = ''::text) AND (NOT ((id_number_index)::text = ''::text)));

CREATE UNIQUE INDEX one_open_correction_per_person ON public.accounts_registercorrection USING btree (person_id) WHERE ((outcome)::text = ''::text);

CREATE UNIQUE INDEX one_open_declaration_per_number ON public.certificates_outofprovincecertificate USING btree (declared_by_id, number) WHERE (settled_at IS NULL);

CREATE UNIQUE INDEX one_open_merge_of_a_record ON public.accounts_registercorrection USING btree (other_id) WHERE ((outcome)::text = ''::text);

CREATE UNIQUE INDEX one_open_proposal_per_pair ON public.employment_employmentitem USING btree (claim_key) WHERE (is_open AND (NOT ((claim_key)::text = ''::text)));

CREATE UNIQUE INDEX one_pending_entry_per_person_category ON public.exams_examentry USING btree (person_id, category) WHERE ((reopened_at IS NULL) AND ((state)::text = ANY ((ARRAY['entered'::character varying, 'returned'::character varying, 'approved'::character varying])::text[])));

CREATE UNIQUE INDEX one_registered_certificate_per_number ON public.certificates_outofprovincecertificate USING btree (number) WHERE (declared_by_id IS NULL);

CREATE UNIQUE INDEX one_reservation_of_a_case_at_a_desk ON public.workflow_caseuse USING btree (application_id, desk) WHERE is_reserved;

CREATE UNIQUE INDEX one_seat_per_exam_entry ON public.exams_examseat USING btree (entry_id) WHERE (released_at IS NULL);

CREATE UNIQUE INDEX one_standing_face_consent ON public.accounts_faceconsent USING btree (person_id) WHERE (withdrawn_at IS NULL);

CREATE UNIQUE INDEX one_training_row_per_course ON public.training_trainingrecord USING btree (id_number_index, course, starts_on, ends_on, institution_name, category) WHERE (withdrawn_at IS NULL);

CREATE UNIQUE INDEX one_waiting_excuse ON public.exams_excuse USING btree (entry_id) WHERE ((state)::text = 'waiting'::text);

CREATE UNIQUE INDEX one_waiting_face_review ON public.accounts_facereview USING btree (person_id) WHERE ((state)::text = 'waiting'::text);

CREATE INDEX outofprovince_person ON public.certificates_outofprovincecertificate USING btree (id_number_index);

CREATE INDEX person_name_parts ON public.accounts_person USING gin (string_to_array((name)::text, NULL::text));

CREATE INDEX person_quarantined ON public.accounts_person USING btree (id) WHERE (NOT ((quarantined_reason)::text = ''::text));

CREATE INDEX person_registrations ON public.accounts_person USING btree (registered_by_id, registered_at DESC, id DESC) WHERE (registered_by_id IS NOT NULL);

CREATE INDEX phone_login_expires ON public.accounts_phonelogin USING btree (expires_at);

CREATE INDEX photo_check_person ON public.accounts_photocheck USING btree (person_id, id DESC);

CREATE INDEX policy_closed_cases ON public.certificates_policybatchrow USING btree (closed_id) WHERE (closed_id IS NOT NULL);

CREATE INDEX policy_rows ON public.certificates_policybatchrow USING btree (batch_id, outcome, id);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX project_person ON public.enterprises_projectinprogress USING btree (id_number_index) WHERE (finished_on IS NULL);

CREATE INDEX qualification_person ON public.enterprises_qualification USING btree (id_number_index);

CREATE INDEX queue_applicant ON public.workflow_application USING btree (holder_office_id, desk, applicant_sort, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_assignee ON public.workflow_application USING btree (assignee_id, due_sort, id) WHERE is_open;

CREATE INDEX queue_category ON public.workflow_application USING btree (holder_office_id, desk, category, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_confirmations ON public.workflow_application USING btree (holder_enterprise_id, desk, due_sort, id) WHERE ((holder_enterprise_id IS NOT NULL) AND is_open);

CREATE INDEX queue_deemed ON public.workflow_application USING btree (holder_office_id, desk, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open AND deemed_accepted);

CREATE INDEX queue_desk ON public.workflow_application USING btree (holder_office_id, desk, due_sort, id) INCLUDE (number, person_id, assignee_id, approvers) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_due ON public.workflow_application USING btree (due_on, desk) WHERE is_open;

CREATE INDEX queue_entered ON public.workflow_application USING btree (holder_office_id, desk, desk_entered_at, id) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_enterprise ON public.workflow_application USING btree (holder_enterprise_id, due_sort, id) WHERE ((holder_enterprise_id IS NOT NULL) AND is_open);

CREATE INDEX queue_firm ON public.workflow_application USING btree (holder_office_id, desk, enterprise_sort, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_firm_name ON public.workflow_application USING btree (holder_office_id, desk, firm_sort, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_flagged ON public.workflow_application USING btree (holder_office_id, desk, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open AND (NOT (flags = '[]'::jsonb)));

CREATE INDEX queue_kind ON public.workflow_application USING btree (holder_office_id, desk, kind, due_sort, id) INCLUDE (person_id, assignee_id, approvers) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_marks ON public.workflow_application USING btree (holder_office_id, desk, mark_sort, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_person ON public.workflow_application USING btree (holder_person_id, due_sort, id) WHERE ((holder_person_id IS NOT NULL) AND is_open);

CREATE INDEX queue_region ON public.workflow_application USING btree (holder_office_id, desk, region_id, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open);

CREATE INDEX queue_returned ON public.workflow_application USING btree (holder_office_id, desk, due_sort, id) WHERE ((holder_office_id IS NOT NULL) AND is_open AND was_returned);

CREATE INDEX queue_stuck ON public.workflow_application USING btree (due_sort, id) WHERE (is_open AND (NOT ((stuck)::text = ''::text)));

CREATE INDEX rename_rows ON public.certificates_renamerow USING btree (batch_id, outcome, id);

CREATE INDEX request_count_since ON public.administration_requestcount USING btree (since);

CREATE INDEX second_look_done ON public.workflow_secondlook USING btree (office_id, id DESC) WHERE (looked_at IS NOT NULL);

CREATE INDEX second_look_waiting ON public.workflow_secondlook USING btree (office_id, id) WHERE (looked_at IS NULL);

CREATE INDEX settlement_record ON public.certificates_legacysettlement USING btree (record_id, id);

CREATE UNIQUE INDEX staff_have_one_session ON public.accounts_loginsession USING btree (user_id) WHERE ((ended_at IS NULL) AND is_exclusive);

CREATE INDEX training_institution ON public.training_trainingrecord USING btree (institution_id, id DESC);

CREATE INDEX training_name_parts ON public.training_trainingrecord USING gin (string_to_array((name)::text, NULL::text));

CREATE INDEX training_person ON public.training_trainingrecord USING btree (id_number_index, ends_on DESC) WHERE (withdrawn_at IS NULL);

CREATE INDEX training_trainingrecord_import_run_id_1f23faf1 ON public.training_trainingrecord USING btree (import_run_id);

CREATE INDEX training_trainingrecord_recorded_by_id_61e6cdda ON public.training_trainingrecord USING btree (recorded_by_id);

CREATE INDEX training_trainingrecord_replaced_by_id_f27a180b ON public.training_trainingrecord USING btree (replaced_by_id);

CREATE INDEX user_staff ON public.accounts_user USING btree (login, id) WHERE ((sphere)::text = ANY ((ARRAY['staff'::character varying, 'system_admin'::character varying, 'security_admin'::character varying, 'audit_admin'::character varying])::text[]));

CREATE INDEX workflow_absence_deputy_id_8b0f3b5d ON public.workflow_absence USING btree (deputy_id);

CREATE INDEX workflow_absence_recorded_by_id_c02ef16c ON public.workflow_absence USING btree (recorded_by_id);

CREATE INDEX workflow_absence_user_id_b3503d21 ON public.workflow_absence USING btree (user_id);

CREATE INDEX workflow_application_filer_id_2ed08031 ON public.workflow_application USING btree (filer_id);

CREATE INDEX workflow_application_former_enterprise_id_5da3fee5 ON public.workflow_application USING btree (former_enterprise_id);

CREATE INDEX workflow_application_holder_enterprise_id_16b141c7 ON public.workflow_application USING btree (holder_enterprise_id);

CREATE INDEX workflow_application_holder_office_id_9ee66bda ON public.workflow_application USING btree (holder_office_id);

CREATE INDEX workflow_application_holder_person_id_3794aade ON public.workflow_application USING btree (holder_person_id);

CREATE INDEX workflow_application_region_id_4586959c ON public.workflow_application USING btree (region_id);

CREATE INDEX workflow_archivenumber_application_id_ca14f317 ON public.workflow_archivenumber USING btree (application_id);

CREATE INDEX workflow_attachment_application_id_02f97b88 ON public.workflow_attachment USING btree (application_id);

CREATE INDEX workflow_attachment_uploaded_by_id_1354b0d7 ON public.workflow_attachment USING btree (uploaded_by_id);

CREATE INDEX workflow_bar_cause_2fb0daa5 ON public.workflow_bar USING btree (cause);

CREATE INDEX workflow_bar_person_id_aecd06a6 ON public.workflow_bar USING btree (person_id);

CREATE INDEX workflow_bulkact_user_id_258e7504 ON public.workflow_bulkact USING btree (user_id);

CREATE INDEX workflow_event_actor_id_598cc2c1 ON public.workflow_event USING btree (actor_id);

CREATE INDEX workflow_helddecision_act_id_c2fdbc75 ON public.workflow_helddecision USING btree (act_id);

CREATE INDEX workflow_letter_application_id_538a0c8b ON public.workflow_letter USING btree (application_id);

CREATE STATISTICS public.application_desk (dependencies, mcv) ON desk, is_open, holder_office_id FROM public.workflow_application;

CREATE TRIGGER accounts_facecheck_append_only BEFORE DELETE OR UPDATE ON public.accounts_facecheck FOR EACH ROW EXECUTE FUNCTION public.accounts_facecheck_append_only();

CREATE TRIGGER accounts_formeridnumber_number AFTER INSERT OR UPDATE ON public.accounts_formeridnumber FOR EACH ROW EXECUTE FUNCTION public.accounts_one_person_per_number();

CREATE TRIGGER accounts_person_number AFTER INSERT OR UPDATE OF id_number_index ON public.accounts_person FOR EACH ROW EXECUTE FUNCTION public.accounts_one_person_per_number();

CREATE TRIGGER accounts_photocheck_append_only BEFORE DELETE OR UPDATE ON public.accounts_photocheck FOR EACH ROW EXECUTE FUNCTION public.accounts_photocheck_append_only();

CREATE TRIGGER administration_auditcheck_append_only BEFORE DELETE OR UPDATE ON public.administration_auditcheck FOR EACH ROW EXECUTE FUNCTION public.administration_auditcheck_append_only();

CREATE TRIGGER administration_auditentry_append_only BEFORE DELETE OR UPDATE ON public.administration_auditentry FOR EACH ROW EXECUTE FUNCTION public.administration_auditentry_append_only();

CREATE TRIGGER administration_auditlink_append_only BEFORE DELETE OR UPDATE ON public.administration_auditlink FOR EACH ROW EXECUTE FUNCTION public.administration_auditlink_append_only();

CREATE TRIGGER certificates_category_of_case BEFORE UPDATE OF status ON public.workflow_application FOR EACH ROW WHEN ((((new.status)::text = 'in_review'::text) AND ((old.status)::text = ANY ((ARRAY['draft'::character varying, 'returned'::character varying])::text[])))) EXECUTE FUNCTION public.certificates_category_of_case();

CREATE TRIGGER certificates_certificateevent_append_only BEFORE DELETE OR UPDATE ON public.certificates_certificateevent FOR EACH ROW EXECUTE FUNCTION public.certificates_certificateevent_append_only();

CREATE TRIGGER certificates_certificateversion_append_only BEFORE DELETE OR UPDATE ON public.certificates_certificateversion FOR EACH ROW EXECUTE FUNCTION public.certificates_certificateversion_append_only();

CREATE TRIGGER certificates_legacysettlement_append_only BEFORE DELETE OR UPDATE ON public.certificates_legacysettlement FOR EACH ROW EXECUTE FUNCTION public.certificates_legacysettlement_append_only();

CREATE TRIGGER employment_formerterms_append_only BEFORE DELETE OR UPDATE ON public.employment_formerterms FOR EACH ROW EXECUTE FUNCTION public.employment_formerterms_append_only();

CREATE TRIGGER enterprises_code_is_free AFTER INSERT OR UPDATE OF uscc ON public.enterprises_enterprise FOR EACH ROW EXECUTE FUNCTION public.enterprises_code_is_free();

CREATE TRIGGER enterprises_codechange_append_only BEFORE DELETE OR UPDATE ON public.enterprises_codechange FOR EACH ROW EXECUTE FUNCTION public.enterprises_codechange_append_only();

CREATE TRIGGER enterprises_former_code_is_free AFTER INSERT ON public.enterprises_formercode FOR EACH ROW EXECUTE FUNCTION public.enterprises_former_code_is_free();

CREATE TRIGGER exams_batchchange_append_only BEFORE DELETE OR UPDATE ON public.exams_batchchange FOR EACH ROW EXECUTE FUNCTION public.exams_batchchange_append_only();

CREATE TRIGGER exams_entryreview_append_only BEFORE DELETE OR UPDATE ON public.exams_entryreview FOR EACH ROW EXECUTE FUNCTION public.exams_entryreview_append_only();

CREATE TRIGGER exams_examcheckin_append_only BEFORE DELETE OR UPDATE ON public.exams_examcheckin FOR EACH ROW EXECUTE FUNCTION public.exams_examcheckin_append_only();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

CREATE TRIGGER workflow_casenote_append_only BEFORE DELETE OR UPDATE ON public.workflow_casenote FOR EACH ROW EXECUTE FUNCTION public.workflow_casenote_append_only();

CREATE TRIGGER workflow_event_append_only BEFORE DELETE OR UPDATE ON public.workflow_event FOR EACH ROW EXECUTE FUNCTION public.workflow_event_append_only();

CREATE TRIGGER workflow_name_of_enterprise AFTER UPDATE OF name ON public.enterprises_enterprise FOR EACH ROW WHEN (((new.name)::text IS DISTINCT FROM (old.name)::text)) EXECUTE FUNCTION public.workflow_name_of_enterprise();

CREATE TRIGGER workflow_name_of_person AFTER UPDATE OF name ON public.accounts_person FOR EACH ROW WHEN (((new.name)::text IS DISTINCT FROM (old.name)::text)) EXECUTE FUNCTION public.workflow_name_of_person();

CREATE TRIGGER workflow_names_of_case BEFORE UPDATE OF person_id, enterprise_id, status ON public.workflow_application FOR EACH ROW WHEN (((new.status)::text = ANY ((ARRAY['draft'::character varying, 'in_review'::character varying, 'returned'::character varying])::text[]))) EXECUTE FUNCTION public.workflow_names_of_case();

CREATE TRIGGER workflow_names_of_new_case BEFORE INSERT ON public.workflow_application FOR EACH ROW EXECUTE FUNCTION public.workflow_names_of_case();

ALTER TABLE ONLY public.accounts_countercode
    ADD CONSTRAINT accounts_countercode_issued_by_id_93d7bc7b_fk_accounts_user_id FOREIGN KEY (issued_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_countercode
    ADD CONSTRAINT accounts_countercode_office_id_5a1d518b_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_countercode
    ADD CONSTRAINT accounts_countercode_person_id_4afc1adb_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_facechallenge
    ADD CONSTRAINT accounts_facechallenge_person_id_dffb784b_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_facecheck
    ADD CONSTRAINT accounts_facecheck_person_id_4d4be203_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_faceconsent
    ADD CONSTRAINT accounts_faceconsent_person_id_27eac96f_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_facereview
    ADD CONSTRAINT accounts_facereview_check_record_id_3d7e7724_fk_accounts_ FOREIGN KEY (check_record_id) REFERENCES public.accounts_facecheck(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_facereview
    ADD CONSTRAINT accounts_facereview_decided_by_id_8898e319_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_facereview
    ADD CONSTRAINT accounts_facereview_person_id_f01ada6a_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_facesigns
    ADD CONSTRAINT accounts_facesigns_person_id_8314f3f3_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_formeridnumber
    ADD CONSTRAINT accounts_formeridnum_person_id_85150d0a_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_formerpassword
    ADD CONSTRAINT accounts_formerpassword_user_id_a77d672c_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_heldcard
    ADD CONSTRAINT accounts_heldcard_office_id_014b0e3f_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_heldcard
    ADD CONSTRAINT accounts_heldcard_person_id_53e25027_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_kioskdevice
    ADD CONSTRAINT accounts_kioskdevice_created_by_id_67f6f487_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_kioskdevice
    ADD CONSTRAINT accounts_kioskdevice_office_id_c5260ac7_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_kiosknonce
    ADD CONSTRAINT accounts_kiosknonce_device_id_b835027f_fk_accounts_ FOREIGN KEY (device_id) REFERENCES public.accounts_kioskdevice(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_kioskrequest
    ADD CONSTRAINT accounts_kioskreques_device_id_a72674fc_fk_accounts_ FOREIGN KEY (device_id) REFERENCES public.accounts_kioskdevice(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_kioskrequest
    ADD CONSTRAINT accounts_kioskreques_held_card_id_4369c32c_fk_accounts_ FOREIGN KEY (held_card_id) REFERENCES public.accounts_heldcard(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_kioskrequest
    ADD CONSTRAINT accounts_kioskrequest_person_id_8db58c83_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_loginsession
    ADD CONSTRAINT accounts_loginsession_user_id_88028387_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_passkey
    ADD CONSTRAINT accounts_passkey_user_id_f8f562b4_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_mailbox_id_2cba7131_fk_administr FOREIGN KEY (mailbox_id) REFERENCES public.administration_mailbox(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_merged_into_id_420ee5f6_fk_accounts_person_id FOREIGN KEY (merged_into_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_registered_at_office_3987d876_fk_administr FOREIGN KEY (registered_at_office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_registered_by_device_d6d656c9_fk_accounts_ FOREIGN KEY (registered_by_device_id) REFERENCES public.accounts_kioskdevice(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_registered_by_id_fe7af813_fk_accounts_user_id FOREIGN KEY (registered_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_user_id_96c4d2e9_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_phonelogin
    ADD CONSTRAINT accounts_phonelogin_user_id_75d3ea8b_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_photocheck
    ADD CONSTRAINT accounts_photocheck_by_id_cb41549f_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_photocheck
    ADD CONSTRAINT accounts_photocheck_person_id_9678ec59_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_recoverycode
    ADD CONSTRAINT accounts_recoverycod_factor_id_cd986632_fk_accounts_ FOREIGN KEY (factor_id) REFERENCES public.accounts_secondfactor(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_registercorrection
    ADD CONSTRAINT accounts_registercor_office_id_21526dc1_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_registercorrection
    ADD CONSTRAINT accounts_registercor_other_id_7dba7f90_fk_accounts_ FOREIGN KEY (other_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_registercorrection
    ADD CONSTRAINT accounts_registercor_person_id_843233b3_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_registercorrection
    ADD CONSTRAINT accounts_registercor_requested_by_id_6da3a7d7_fk_accounts_ FOREIGN KEY (requested_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_registercorrection
    ADD CONSTRAINT accounts_registercor_settled_by_id_810543dd_fk_accounts_ FOREIGN KEY (settled_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_registercorrection
    ADD CONSTRAINT accounts_registercor_undoes_id_6094d043_fk_accounts_ FOREIGN KEY (undoes_id) REFERENCES public.accounts_registercorrection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_secondfactor
    ADD CONSTRAINT accounts_secondfactor_user_id_1e182b70_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_office_id_1be52a43_fk_administration_office_id FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_auditlink
    ADD CONSTRAINT administration_audit_entry_id_26f617d2_fk_administr FOREIGN KEY (entry_id) REFERENCES public.administration_auditentry(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_contact
    ADD CONSTRAINT administration_conta_mailbox_id_4b0355ea_fk_administr FOREIGN KEY (mailbox_id) REFERENCES public.administration_mailbox(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_delivery
    ADD CONSTRAINT administration_deliv_contact_id_eaa6583d_fk_administr FOREIGN KEY (contact_id) REFERENCES public.administration_contact(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_delivery
    ADD CONSTRAINT administration_deliv_message_id_5068942b_fk_administr FOREIGN KEY (message_id) REFERENCES public.administration_message(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_feedback
    ADD CONSTRAINT administration_feedb_mailbox_id_6b086b47_fk_administr FOREIGN KEY (mailbox_id) REFERENCES public.administration_mailbox(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_importrun
    ADD CONSTRAINT administration_impor_office_id_da1ef853_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_importrow
    ADD CONSTRAINT administration_impor_reversal_id_05085d4c_fk_administr FOREIGN KEY (reversal_id) REFERENCES public.administration_importreversal(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_importrepetition
    ADD CONSTRAINT administration_impor_reversal_id_8e7a74aa_fk_administr FOREIGN KEY (reversal_id) REFERENCES public.administration_importreversal(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_importreversal
    ADD CONSTRAINT administration_impor_run_id_22c9b76c_fk_administr FOREIGN KEY (run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_importrow
    ADD CONSTRAINT administration_impor_run_id_4837775f_fk_administr FOREIGN KEY (run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_importproblem
    ADD CONSTRAINT administration_impor_run_id_a40f23f2_fk_administr FOREIGN KEY (run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_importrepetition
    ADD CONSTRAINT administration_impor_run_id_c87e770e_fk_administr FOREIGN KEY (run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_message
    ADD CONSTRAINT administration_messa_mailbox_id_c6a23ef4_fk_administr FOREIGN KEY (mailbox_id) REFERENCES public.administration_mailbox(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_noticeattachment
    ADD CONSTRAINT administration_notic_notice_id_1ec01fca_fk_administr FOREIGN KEY (notice_id) REFERENCES public.administration_notice(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_noticeline
    ADD CONSTRAINT administration_notic_notice_id_5fb7dcab_fk_administr FOREIGN KEY (notice_id) REFERENCES public.administration_notice(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_notice
    ADD CONSTRAINT administration_notic_office_id_2a12801a_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_office
    ADD CONSTRAINT administration_offic_mailbox_id_e4fe0758_fk_administr FOREIGN KEY (mailbox_id) REFERENCES public.administration_mailbox(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_officeroute
    ADD CONSTRAINT administration_offic_office_id_d1894946_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_officeroute
    ADD CONSTRAINT administration_offic_region_id_4fee92cf_fk_administr FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_office
    ADD CONSTRAINT administration_offic_region_id_5753cb22_fk_administr FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_region
    ADD CONSTRAINT administration_regio_parent_id_c2e7057a_fk_administr FOREIGN KEY (parent_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.administration_regionalias
    ADD CONSTRAINT administration_regio_region_id_0962333d_fk_administr FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_archivepart
    ADD CONSTRAINT certificates_archive_archive_id_0d8009ce_fk_certifica FOREIGN KEY (archive_id) REFERENCES public.certificates_certificatearchive(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateevent
    ADD CONSTRAINT certificates_certifi_actor_id_7513ad89_fk_accounts_ FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificate
    ADD CONSTRAINT certificates_certifi_additional_to_id_6cd7ea1a_fk_certifica FOREIGN KEY (additional_to_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateevent
    ADD CONSTRAINT certificates_certifi_application_id_c663b6ad_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT certificates_certifi_application_id_e760ae78_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateitem
    ADD CONSTRAINT certificates_certifi_certificate_id_41c392f7_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateevent
    ADD CONSTRAINT certificates_certifi_certificate_id_65948076_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateterm
    ADD CONSTRAINT certificates_certifi_certificate_id_81fde4f1_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT certificates_certifi_certificate_id_b31c4a4b_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificate
    ADD CONSTRAINT certificates_certifi_enterprise_id_0abb4837_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT certificates_certifi_enterprise_id_988ef347_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificatearchive
    ADD CONSTRAINT certificates_certifi_enterprise_id_de354702_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificatearchive
    ADD CONSTRAINT certificates_certifi_ordered_by_id_a5328077_fk_accounts_ FOREIGN KEY (ordered_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificate
    ADD CONSTRAINT certificates_certifi_person_id_92917412_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateversion
    ADD CONSTRAINT certificates_certifi_term_id_fd70d6be_fk_certifica FOREIGN KEY (term_id) REFERENCES public.certificates_certificateterm(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateevent
    ADD CONSTRAINT certificates_certifi_undoes_id_2972fb5f_fk_certifica FOREIGN KEY (undoes_id) REFERENCES public.certificates_certificateevent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateevent
    ADD CONSTRAINT certificates_certifi_version_id_312b3776_fk_certifica FOREIGN KEY (version_id) REFERENCES public.certificates_certificateversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_certificateitem
    ADD CONSTRAINT certificates_certificateitem_follows_application FOREIGN KEY (application_id, is_open) REFERENCES public.workflow_application(id, is_open) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.certificates_document
    ADD CONSTRAINT certificates_documen_version_id_64194689_fk_certifica FOREIGN KEY (version_id) REFERENCES public.certificates_certificateversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_documentorder
    ADD CONSTRAINT certificates_documen_version_id_f202f9f9_fk_certifica FOREIGN KEY (version_id) REFERENCES public.certificates_certificateversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_formernumber
    ADD CONSTRAINT certificates_formern_certificate_id_62b80891_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_legacycertificate
    ADD CONSTRAINT certificates_legacyc_certificate_id_b330dba0_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_legacycertificate
    ADD CONSTRAINT certificates_legacyc_import_run_id_409b7f1b_fk_administr FOREIGN KEY (import_run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_legacysettlement
    ADD CONSTRAINT certificates_legacys_by_id_4d4348a3_fk_accounts_ FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_legacysettlement
    ADD CONSTRAINT certificates_legacys_other_id_dd2c7dd0_fk_certifica FOREIGN KEY (other_id) REFERENCES public.certificates_legacycertificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_legacysettlement
    ADD CONSTRAINT certificates_legacys_record_id_d27be5bb_fk_certifica FOREIGN KEY (record_id) REFERENCES public.certificates_legacycertificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_legacysettlement
    ADD CONSTRAINT certificates_legacys_replacement_id_f7f8940d_fk_certifica FOREIGN KEY (replacement_id) REFERENCES public.certificates_legacycertificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_outofprovincecertificate
    ADD CONSTRAINT certificates_outofpr_declared_by_id_d0a33700_fk_accounts_ FOREIGN KEY (declared_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_outofprovincecertificate
    ADD CONSTRAINT certificates_outofpr_import_run_id_7cea64ea_fk_administr FOREIGN KEY (import_run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatch
    ADD CONSTRAINT certificates_policyb_approved_by_id_0a35ba00_fk_accounts_ FOREIGN KEY (approved_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatch
    ADD CONSTRAINT certificates_policyb_asked_by_id_ca98c04b_fk_accounts_ FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatchrow
    ADD CONSTRAINT certificates_policyb_batch_id_376c7cd0_fk_certifica FOREIGN KEY (batch_id) REFERENCES public.certificates_policybatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatchrow
    ADD CONSTRAINT certificates_policyb_certificate_id_41b9ff6b_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatchrow
    ADD CONSTRAINT certificates_policyb_closed_id_43ae1738_fk_workflow_ FOREIGN KEY (closed_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatch
    ADD CONSTRAINT certificates_policyb_created_by_id_202a7da7_fk_accounts_ FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatch
    ADD CONSTRAINT certificates_policyb_reversal_asked_by_id_d9a50893_fk_accounts_ FOREIGN KEY (reversal_asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatch
    ADD CONSTRAINT certificates_policyb_reversed_by_id_a3584759_fk_accounts_ FOREIGN KEY (reversed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatchrow
    ADD CONSTRAINT certificates_policyb_term_id_1e1fd3a2_fk_certifica FOREIGN KEY (term_id) REFERENCES public.certificates_certificateterm(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_policybatchrow
    ADD CONSTRAINT certificates_policyb_version_id_eff4807e_fk_certifica FOREIGN KEY (version_id) REFERENCES public.certificates_certificateversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_renamebatch
    ADD CONSTRAINT certificates_renameb_application_id_7a1e3854_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_renamebatch
    ADD CONSTRAINT certificates_renameb_enterprise_id_0cba73d9_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_renamerow
    ADD CONSTRAINT certificates_renamer_batch_id_95facd3c_fk_certifica FOREIGN KEY (batch_id) REFERENCES public.certificates_renamebatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_renamerow
    ADD CONSTRAINT certificates_renamer_certificate_id_9e03cce8_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_renamerow
    ADD CONSTRAINT certificates_renamer_version_id_8345d532_fk_certifica FOREIGN KEY (version_id) REFERENCES public.certificates_certificateversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_sharelink
    ADD CONSTRAINT certificates_shareli_certificate_id_198afc91_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_shareuse
    ADD CONSTRAINT certificates_shareus_link_id_776e4408_fk_certifica FOREIGN KEY (link_id) REFERENCES public.certificates_sharelink(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_transferproof
    ADD CONSTRAINT certificates_transfe_certificate_id_2674ec97_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_transferproof
    ADD CONSTRAINT certificates_transfe_event_id_82a7666d_fk_certifica FOREIGN KEY (event_id) REFERENCES public.certificates_certificateevent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_verificationkey
    ADD CONSTRAINT certificates_verific_created_by_id_d0d50b63_fk_accounts_ FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_verificationuse
    ADD CONSTRAINT certificates_verific_key_id_37fbb8a7_fk_certifica FOREIGN KEY (key_id) REFERENCES public.certificates_verificationkey(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.certificates_verificationkey
    ADD CONSTRAINT certificates_verific_revoked_by_id_8e9e7d61_fk_accounts_ FOREIGN KEY (revoked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_employmentitem
    ADD CONSTRAINT employment_employmen_employment_id_c0e7ac71_fk_employmen FOREIGN KEY (employment_id) REFERENCES public.employment_employment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_employment
    ADD CONSTRAINT employment_employmen_ended_by_id_7c8aeb3c_fk_workflow_ FOREIGN KEY (ended_by_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_employment
    ADD CONSTRAINT employment_employmen_enterprise_id_c2f829be_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_employment
    ADD CONSTRAINT employment_employmen_started_by_id_59a38770_fk_workflow_ FOREIGN KEY (started_by_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_employment
    ADD CONSTRAINT employment_employment_person_id_810a65fa_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_employmentitem
    ADD CONSTRAINT employment_employmentitem_follows_application FOREIGN KEY (application_id, is_open) REFERENCES public.workflow_application(id, is_open) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.employment_formerterms
    ADD CONSTRAINT employment_formerter_employment_id_c25d0057_fk_employmen FOREIGN KEY (employment_id) REFERENCES public.employment_employment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_formerterms
    ADD CONSTRAINT employment_formerter_replaced_by_id_9fbbb80a_fk_workflow_ FOREIGN KEY (replaced_by_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_proposallist
    ADD CONSTRAINT employment_proposall_enterprise_id_0662c655_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.employment_proposallist
    ADD CONSTRAINT employment_proposallist_user_id_605ebc3f_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_cakey
    ADD CONSTRAINT enterprises_cakey_enterprise_id_006ee571_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_cakey
    ADD CONSTRAINT enterprises_cakey_user_id_60c03f95_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_codechangerequest
    ADD CONSTRAINT enterprises_codechan_change_id_93ad824a_fk_enterpris FOREIGN KEY (change_id) REFERENCES public.enterprises_codechange(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_codechange
    ADD CONSTRAINT enterprises_codechan_changed_by_id_a14121a7_fk_accounts_ FOREIGN KEY (changed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_codechangerequest
    ADD CONSTRAINT enterprises_codechan_enterprise_id_4c26e656_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_codechange
    ADD CONSTRAINT enterprises_codechan_enterprise_id_d230a5c0_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_codechangerequest
    ADD CONSTRAINT enterprises_codechan_requested_by_id_710a4a2b_fk_accounts_ FOREIGN KEY (requested_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_codechangerequest
    ADD CONSTRAINT enterprises_codechan_settled_by_id_ba2e302c_fk_accounts_ FOREIGN KEY (settled_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_enterprisename
    ADD CONSTRAINT enterprises_enterpri_enterprise_id_23894dd9_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_enterprise
    ADD CONSTRAINT enterprises_enterpri_mailbox_id_0fe53594_fk_administr FOREIGN KEY (mailbox_id) REFERENCES public.administration_mailbox(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_enterprise
    ADD CONSTRAINT enterprises_enterpri_region_id_095272a5_fk_administr FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_formercakey
    ADD CONSTRAINT enterprises_formercakey_key_id_14b6a1ee_fk_enterprises_cakey_id FOREIGN KEY (key_id) REFERENCES public.enterprises_cakey(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_formercode
    ADD CONSTRAINT enterprises_formerco_enterprise_id_fe272d8c_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_operatordelegation
    ADD CONSTRAINT enterprises_operator_ended_by_id_98cd2d29_fk_accounts_ FOREIGN KEY (ended_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_operatordelegation
    ADD CONSTRAINT enterprises_operator_given_by_id_9ffd057c_fk_accounts_ FOREIGN KEY (given_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_operatordelegation
    ADD CONSTRAINT enterprises_operator_key_id_c95f4dd1_fk_enterpris FOREIGN KEY (key_id) REFERENCES public.enterprises_cakey(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_projectinprogress
    ADD CONSTRAINT enterprises_projecti_enterprise_id_b6900756_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_qualification
    ADD CONSTRAINT enterprises_qualific_enterprise_id_ab76385c_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_registrysync
    ADD CONSTRAINT enterprises_registry_accepted_by_id_423c35c6_fk_accounts_ FOREIGN KEY (accepted_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_registrysync
    ADD CONSTRAINT enterprises_registry_asked_by_id_385f557f_fk_accounts_ FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_registrysync
    ADD CONSTRAINT enterprises_registry_enterprise_id_880e8cf6_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.enterprises_registrysync
    ADD CONSTRAINT enterprises_registry_region_id_5283b2fb_fk_administr FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT exam_seat_follows_session_room FOREIGN KEY (session_room_id, starts_at, ends_at) REFERENCES public.exams_sessionroom(id, starts_at, ends_at) ON UPDATE CASCADE;

ALTER TABLE ONLY public.exams_batchchange
    ADD CONSTRAINT exams_batchchange_batch_id_0932c8b2_fk_exams_exambatch_id FOREIGN KEY (batch_id) REFERENCES public.exams_exambatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_batchchange
    ADD CONSTRAINT exams_batchchange_by_id_a73b4d32_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_candidatelist
    ADD CONSTRAINT exams_candidatelist_batch_id_0d7655ba_fk_exams_exambatch_id FOREIGN KEY (batch_id) REFERENCES public.exams_exambatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_candidatelist
    ADD CONSTRAINT exams_candidatelist_user_id_94be12bb_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_checkinlink
    ADD CONSTRAINT exams_checkinlink_created_by_id_3d17bce0_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_checkinlink
    ADD CONSTRAINT exams_checkinlink_revoked_by_id_ae0f5a7a_fk_accounts_user_id FOREIGN KEY (revoked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_checkinlink
    ADD CONSTRAINT exams_checkinlink_session_room_id_f1c36c7a_fk_exams_ses FOREIGN KEY (session_room_id) REFERENCES public.exams_sessionroom(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_entryreview
    ADD CONSTRAINT exams_entryreview_by_id_55186fcd_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_entryreview
    ADD CONSTRAINT exams_entryreview_entry_id_95a3af06_fk_exams_examentry_id FOREIGN KEY (entry_id) REFERENCES public.exams_examentry(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_evidence
    ADD CONSTRAINT exams_evidence_person_id_fac46862_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_evidence
    ADD CONSTRAINT exams_evidence_uploaded_by_id_5e3b7502_fk_accounts_user_id FOREIGN KEY (uploaded_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_exambatch
    ADD CONSTRAINT exams_exambatch_created_by_id_b0cee0ec_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_exambatch
    ADD CONSTRAINT exams_exambatch_organiser_id_9a7bbb28_fk_administr FOREIGN KEY (organiser_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_exambatch
    ADD CONSTRAINT exams_exambatch_region_id_a0fe04de_fk_administr FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examcheckin
    ADD CONSTRAINT exams_examcheckin_link_id_ad68383f_fk_exams_checkinlink_id FOREIGN KEY (link_id) REFERENCES public.exams_checkinlink(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examcheckin
    ADD CONSTRAINT exams_examcheckin_seat_id_cb9142f0_fk_exams_examseat_id FOREIGN KEY (seat_id) REFERENCES public.exams_examseat(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_application_id_78f1ccd9_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_batch_id_868cfd13_fk_exams_exambatch_id FOREIGN KEY (batch_id) REFERENCES public.exams_exambatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_certificate_id_c6948675_fk_certifica FOREIGN KEY (certificate_id) REFERENCES public.certificates_certificate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_entered_by_id_7f78e5d0_fk_accounts_user_id FOREIGN KEY (entered_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_enterprise_id_d51de457_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_import_run_id_00582e23_fk_administr FOREIGN KEY (import_run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_office_id_fb83b50d_fk_administration_office_id FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_person_id_1c86ac74_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_reviewed_by_id_74a0c59e_fk_accounts_user_id FOREIGN KEY (reviewed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examentry
    ADD CONSTRAINT exams_examentry_settled_by_id_5375cb96_fk_accounts_user_id FOREIGN KEY (settled_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examroom
    ADD CONSTRAINT exams_examroom_site_id_bba0f902_fk_exams_examsite_id FOREIGN KEY (site_id) REFERENCES public.exams_examsite(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT exams_examseat_assigned_by_id_547929ea_fk_accounts_user_id FOREIGN KEY (assigned_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT exams_examseat_entry_id_8d3ff038_fk_exams_examentry_id FOREIGN KEY (entry_id) REFERENCES public.exams_examentry(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT exams_examseat_person_id_bf570c78_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examseat
    ADD CONSTRAINT exams_examseat_session_room_id_ec6869a9_fk_exams_sessionroom_id FOREIGN KEY (session_room_id) REFERENCES public.exams_sessionroom(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examsession
    ADD CONSTRAINT exams_examsession_batch_id_5982324b_fk_exams_exambatch_id FOREIGN KEY (batch_id) REFERENCES public.exams_exambatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examsite
    ADD CONSTRAINT exams_examsite_created_by_id_7d557579_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examsite
    ADD CONSTRAINT exams_examsite_office_id_79431117_fk_administration_office_id FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_examsite
    ADD CONSTRAINT exams_examsite_region_id_1ed6067a_fk_administration_region_code FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_excuse
    ADD CONSTRAINT exams_excuse_decided_by_id_7f66c20b_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_excuse
    ADD CONSTRAINT exams_excuse_entry_id_5fe4abd9_fk_exams_examentry_id FOREIGN KEY (entry_id) REFERENCES public.exams_examentry(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_excuse
    ADD CONSTRAINT exams_excuse_filed_by_id_a1a04b0a_fk_accounts_user_id FOREIGN KEY (filed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_paperorder
    ADD CONSTRAINT exams_paperorder_batch_id_5ae507f4_fk_exams_exambatch_id FOREIGN KEY (batch_id) REFERENCES public.exams_exambatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_paperorder
    ADD CONSTRAINT exams_paperorder_ordered_by_id_b928521b_fk_accounts_user_id FOREIGN KEY (ordered_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_resultchange
    ADD CONSTRAINT exams_resultchange_changed_by_id_f4e9094d_fk_accounts_user_id FOREIGN KEY (changed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_resultchange
    ADD CONSTRAINT exams_resultchange_entry_id_f7e558be_fk_exams_examentry_id FOREIGN KEY (entry_id) REFERENCES public.exams_examentry(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_resultchange
    ADD CONSTRAINT exams_resultchange_import_run_id_6d78e087_fk_administr FOREIGN KEY (import_run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_sessionroom
    ADD CONSTRAINT exams_sessionroom_room_id_b5dfe891_fk_exams_examroom_id FOREIGN KEY (room_id) REFERENCES public.exams_examroom(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exams_sessionroom
    ADD CONSTRAINT exams_sessionroom_session_id_d0dc0d13_fk_exams_examsession_id FOREIGN KEY (session_id) REFERENCES public.exams_examsession(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.training_trainingrecord
    ADD CONSTRAINT training_trainingrec_import_run_id_1f23faf1_fk_administr FOREIGN KEY (import_run_id) REFERENCES public.administration_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.training_trainingrecord
    ADD CONSTRAINT training_trainingrec_institution_id_2762c3da_fk_administr FOREIGN KEY (institution_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.training_trainingrecord
    ADD CONSTRAINT training_trainingrec_recorded_by_id_61e6cdda_fk_accounts_ FOREIGN KEY (recorded_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.training_trainingrecord
    ADD CONSTRAINT training_trainingrec_replaced_by_id_f27a180b_fk_training_ FOREIGN KEY (replaced_by_id) REFERENCES public.training_trainingrecord(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_absence
    ADD CONSTRAINT workflow_absence_deputy_id_8b0f3b5d_fk_accounts_user_id FOREIGN KEY (deputy_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_absence
    ADD CONSTRAINT workflow_absence_recorded_by_id_c02ef16c_fk_accounts_user_id FOREIGN KEY (recorded_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_absence
    ADD CONSTRAINT workflow_absence_user_id_b3503d21_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_asked_by_id_41d7ad9d_fk_accounts_user_id FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_assignee_id_6674175f_fk_accounts_user_id FOREIGN KEY (assignee_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_chosen_office_id_33cc1088_fk_administr FOREIGN KEY (chosen_office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_enterprise_id_9a6324da_fk_enterpris FOREIGN KEY (enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_filer_id_2ed08031_fk_accounts_user_id FOREIGN KEY (filer_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_former_enterprise_id_5da3fee5_fk_enterpris FOREIGN KEY (former_enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_holder_enterprise_id_16b141c7_fk_enterpris FOREIGN KEY (holder_enterprise_id) REFERENCES public.enterprises_enterprise(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_holder_office_id_9ee66bda_fk_administr FOREIGN KEY (holder_office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_holder_person_id_3794aade_fk_accounts_ FOREIGN KEY (holder_person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_person_id_35b270a8_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_application
    ADD CONSTRAINT workflow_application_region_id_4586959c_fk_administr FOREIGN KEY (region_id) REFERENCES public.administration_region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_archivenumber
    ADD CONSTRAINT workflow_archivenumb_application_id_ca14f317_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_archivenumber
    ADD CONSTRAINT workflow_archivenumb_office_id_8d569150_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_attachment
    ADD CONSTRAINT workflow_attachment_application_id_02f97b88_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_attachment
    ADD CONSTRAINT workflow_attachment_uploaded_by_id_1354b0d7_fk_accounts_user_id FOREIGN KEY (uploaded_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_bar
    ADD CONSTRAINT workflow_bar_person_id_aecd06a6_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_bulkact
    ADD CONSTRAINT workflow_bulkact_user_id_258e7504_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_casenote
    ADD CONSTRAINT workflow_casenote_application_id_a67cb43e_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_casenote
    ADD CONSTRAINT workflow_casenote_author_id_b2a40dc6_fk_accounts_user_id FOREIGN KEY (author_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_caseuse
    ADD CONSTRAINT workflow_caseuse_application_id_f579ea4e_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_caseuse
    ADD CONSTRAINT workflow_caseuse_user_id_100694e2_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_decisionreason
    ADD CONSTRAINT workflow_decisionrea_added_by_id_006b2493_fk_accounts_ FOREIGN KEY (added_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_deskfigure
    ADD CONSTRAINT workflow_deskfigure_assignee_id_a2950079_fk_accounts_user_id FOREIGN KEY (assignee_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_deskfigure
    ADD CONSTRAINT workflow_deskfigure_office_id_fdab8802_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_event
    ADD CONSTRAINT workflow_event_actor_id_598cc2c1_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_event
    ADD CONSTRAINT workflow_event_application_id_0ff0e526_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_exportrequest
    ADD CONSTRAINT workflow_exportreque_decided_by_id_459cec84_fk_accounts_ FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_exportrequest
    ADD CONSTRAINT workflow_exportrequest_asked_by_id_0a6d65f9_fk_accounts_user_id FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_helddecision
    ADD CONSTRAINT workflow_helddecisio_application_id_8056e30f_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_helddecision
    ADD CONSTRAINT workflow_helddecision_act_id_c2fdbc75_fk_workflow_bulkact_key FOREIGN KEY (act_id) REFERENCES public.workflow_bulkact(key) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_helpanswer
    ADD CONSTRAINT workflow_helpanswer_changed_by_id_350c6376_fk_accounts_user_id FOREIGN KEY (changed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_lateweek
    ADD CONSTRAINT workflow_lateweek_office_id_e0e75532_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_letter
    ADD CONSTRAINT workflow_letter_application_id_538a0c8b_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_letter
    ADD CONSTRAINT workflow_letter_event_id_ab4bfade_fk_workflow_event_id FOREIGN KEY (event_id) REFERENCES public.workflow_event(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_letter
    ADD CONSTRAINT workflow_letter_office_id_5f0a5cf1_fk_administration_office_id FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_lettercounter
    ADD CONSTRAINT workflow_lettercount_office_id_876a1dc4_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_queueview
    ADD CONSTRAINT workflow_queueview_user_id_859224e9_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_secondlook
    ADD CONSTRAINT workflow_secondlook_application_id_99f66726_fk_workflow_ FOREIGN KEY (application_id) REFERENCES public.workflow_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_secondlook
    ADD CONSTRAINT workflow_secondlook_decided_by_id_44bfbd44_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_secondlook
    ADD CONSTRAINT workflow_secondlook_looked_by_id_3062b393_fk_accounts_user_id FOREIGN KEY (looked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.workflow_secondlook
    ADD CONSTRAINT workflow_secondlook_office_id_8f113f72_fk_administr FOREIGN KEY (office_id) REFERENCES public.administration_office(id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO public.django_migrations (app, name, applied) VALUES
    ('administration', '0001_initial', now()),
    ('administration', '0002_guards', now()),
    ('administration', '0003_import_run_details', now()),
    ('administration', '0004_noticeline', now()),
    ('administration', '0005_request_count', now()),
    ('administration', '0006_sent_reminder', now()),
    ('administration', '0007_audit_chain', now()),
    ('administration', '0008_audit_chain_guards', now()),
    ('administration', '0009_lookups', now()),
    ('administration', '0010_field_names', now()),
    ('administration', '0011_import_confirmed', now()),
    ('administration', '0012_import_previews', now()),
    ('administration', '0013_import_answers', now()),
    ('administration', '0014_import_reversals', now()),
    ('administration', '0015_notices_withdrawn_with_a_reason', now()),
    ('administration', '0016_import_repetitions', now()),
    ('administration', '0017_whole_texts', now()),
    ('administration', '0018_notices_of_dissolutions', now()),
    ('administration', '0019_fewer_indexes', now()),
    ('administration', '0020_kinds_of_messages', now()),
    ('administration', '0021_outbox', now()),
    ('administration', '0022_outbox_is_watched', now()),
    ('administration', '0023_figures', now()),
    ('administration', '0024_office_directions', now()),
    ('accounts', '0001_initial', now()),
    ('accounts', '0002_education_and_title_levels', now()),
    ('accounts', '0003_logins', now()),
    ('accounts', '0004_kiosk', now()),
    ('accounts', '0005_face_verification', now()),
    ('accounts', '0006_photo_checks', now()),
    ('accounts', '0007_phone_logins', now()),
    ('accounts', '0008_login_failures', now()),
    ('accounts', '0009_password_resets', now()),
    ('accounts', '0010_face_liveness', now()),
    ('accounts', '0011_field_names', now()),
    ('accounts', '0012_parts_of_names', now()),
    ('accounts', '0013_register_corrections', now()),
    ('accounts', '0014_one_person_per_number', now()),
    ('accounts', '0015_merging_and_deaths', now()),
    ('accounts', '0016_staff_index', now()),
    ('accounts', '0017_handing_over', now()),
    ('accounts', '0018_fewer_indexes', now()),
    ('accounts', '0019_unread_indexes', now()),
    ('accounts', '0020_passkeys', now()),
    ('accounts', '0021_own_registrations', now()),
    ('contenttypes', '0001_initial', now()),
    ('admin', '0001_initial', now()),
    ('admin', '0002_logentry_remove_auto_add', now()),
    ('admin', '0003_logentry_add_action_flag_choices', now()),
    ('administration', '0025_feedback', now()),
    ('contenttypes', '0002_remove_content_type_name', now()),
    ('auth', '0001_initial', now()),
    ('auth', '0002_alter_permission_name_max_length', now()),
    ('auth', '0003_alter_user_email_max_length', now()),
    ('auth', '0004_alter_user_username_opts', now()),
    ('auth', '0005_alter_user_last_login_null', now()),
    ('auth', '0006_require_contenttypes_0002', now()),
    ('auth', '0007_alter_validators_add_error_messages', now()),
    ('auth', '0008_alter_user_username_max_length', now()),
    ('auth', '0009_alter_user_last_name_max_length', now()),
    ('auth', '0010_alter_group_name_max_length', now()),
    ('auth', '0011_update_proxy_permissions', now()),
    ('auth', '0012_alter_user_first_name_max_length', now()),
    ('enterprises', '0001_initial', now()),
    ('workflow', '0001_initial', now()),
    ('workflow', '0002_guards', now()),
    ('workflow', '0003_bar_cause', now()),
    ('workflow', '0004_queue_order', now()),
    ('workflow', '0005_archive_number', now()),
    ('workflow', '0006_sealed_payload', now()),
    ('workflow', '0007_payload_is_encrypted', now()),
    ('workflow', '0008_approvers', now()),
    ('enterprises', '0002_operators', now()),
    ('enterprises', '0003_registry_sync', now()),
    ('enterprises', '0004_field_names', now()),
    ('workflow', '0009_field_names', now()),
    ('workflow', '0010_bulk_act_and_stuck', now()),
    ('workflow', '0011_reroute', now()),
    ('workflow', '0012_merging_and_deaths', now()),
    ('workflow', '0013_stuck_codes', now()),
    ('workflow', '0014_number_parts', now()),
    ('enterprises', '0005_parts_of_names', now()),
    ('enterprises', '0006_old_codes', now()),
    ('workflow', '0015_handing_over', now()),
    ('workflow', '0016_clocks_of_open_cases', now()),
    ('workflow', '0017_fewer_indexes', now()),
    ('workflow', '0018_whole_lists', now()),
    ('workflow', '0019_conditions_that_change', now()),
    ('workflow', '0020_counts_of_queues', now()),
    ('workflow', '0021_decision_reasons', now()),
    ('workflow', '0022_case_use', now()),
    ('enterprises', '0007_code_parts', now()),
    ('enterprises', '0008_code_changes', now()),
    ('enterprises', '0009_registry_checks', now()),
    ('enterprises', '0010_fewer_indexes', now()),
    ('enterprises', '0011_code_change_requests', now()),
    ('enterprises', '0012_unread_indexes', now()),
    ('enterprises', '0013_operator_roles', now()),
    ('workflow', '0023_marks_and_views', now()),
    ('workflow', '0024_filters_of_queues', now()),
    ('workflow', '0025_desk_figures', now()),
    ('workflow', '0026_registry_of_cases', now()),
    ('workflow', '0027_second_looks', now()),
    ('workflow', '0028_letters', now()),
    ('workflow', '0029_help_answers', now()),
    ('workflow', '0030_undo', now()),
    ('workflow', '0031_case_notes', now()),
    ('workflow', '0032_agreeing_letters', now()),
    ('workflow', '0033_export_requests', now()),
    ('enterprises', '0014_enterprise_grades', now()),
    ('workflow', '0034_queue_category_and_enterprise', now()),
    ('certificates', '0001_initial', now()),
    ('certificates', '0002_guards', now()),
    ('certificates', '0003_outofprovincecertificate_transferproof', now()),
    ('certificates', '0004_policy_extension', now()),
    ('certificates', '0005_certificateevent_until_and_more', now()),
    ('certificates', '0006_suspension_ends', now()),
    ('certificates', '0007_declarations', now()),
    ('certificates', '0008_enterprise_rename', now()),
    ('certificates', '0009_field_names', now()),
    ('certificates', '0010_legacy_verified', now()),
    ('certificates', '0011_legacy_settlement', now()),
    ('certificates', '0012_legacy_reversal', now()),
    ('certificates', '0013_order_of_transfer_proofs', now()),
    ('certificates', '0014_one_reversal', now()),
    ('certificates', '0015_list_indexes', now()),
    ('certificates', '0016_document_number_parts', now()),
    ('certificates', '0017_whole_reasons', now()),
    ('certificates', '0018_fewer_indexes', now()),
    ('certificates', '0019_verification_keys', now()),
    ('certificates', '0020_certificate_archives', now()),
    ('certificates', '0021_operations_in_the_trail', now()),
    ('certificates', '0022_former_numbers', now()),
    ('certificates', '0023_policy_approval', now()),
    ('certificates', '0024_share_links', now()),
    ('certificates', '0025_category_of_a_case', now()),
    ('certificates', '0026_former_numbers_are_found', now()),
    ('certificates', '0027_policy_reversal_approval', now()),
    ('employment', '0001_initial', now()),
    ('employment', '0002_guards', now()),
    ('employment', '0003_end_document', now()),
    ('employment', '0004_field_names', now()),
    ('employment', '0005_former_terms', now()),
    ('employment', '0006_merging_and_deaths', now()),
    ('employment', '0007_latest_index', now()),
    ('employment', '0008_index_of_the_gone', now()),
    ('employment', '0009_fewer_indexes', now()),
    ('employment', '0010_proposal_lists', now()),
    ('employment', '0011_registry_of_employments', now()),
    ('employment', '0012_contracts_of_an_enterprise', now()),
    ('exams', '0001_initial', now()),
    ('exams', '0002_fewer_indexes', now()),
    ('exams', '0003_sites_and_sessions', now()),
    ('exams', '0004_seats', now()),
    ('exams', '0005_papers', now()),
    ('exams', '0006_entry_reviews', now()),
    ('exams', '0007_results', now()),
    ('exams', '0008_changes_of_batches', now()),
    ('exams', '0009_evidence', now()),
    ('exams', '0010_candidate_lists', now()),
    ('exams', '0011_check_ins', now()),
    ('procrastinate', '0001_initial', now()),
    ('procrastinate', '0002_drop_started_at_column', now()),
    ('procrastinate', '0003_drop_started_at_column', now()),
    ('procrastinate', '0004_drop_procrastinate_version_table', now()),
    ('procrastinate', '0005_fix_procrastinate_fetch_job', now()),
    ('procrastinate', '0006_fix_trigger_status_events_insert', now()),
    ('procrastinate', '0007_add_queueing_lock_column', now()),
    ('procrastinate', '0008_close_fetch_job_race_condition', now()),
    ('procrastinate', '0009_add_defer_job_function', now()),
    ('procrastinate', '0010_add_procrastinate_periodic_defers', now()),
    ('procrastinate', '0011_add_foreign_key_index', now()),
    ('procrastinate', '0012_add_locks_to_periodic_defer', now()),
    ('procrastinate', '0013_fix_procrastinate_defer_periodic_job', now()),
    ('procrastinate', '0014_add_finish_job_and_retry_job_functions', now()),
    ('procrastinate', '0015_add_trigger_on_job_deletion', now()),
    ('procrastinate', '0016_delete_finished_jobs', now()),
    ('procrastinate', '0017_add_checks_to_finish_job', now()),
    ('procrastinate', '0018_add_checks_to_retry_job', now()),
    ('procrastinate', '0019_fix_finish_job_compat_issue', now()),
    ('procrastinate', '0020_add_index_on_procrastinate_jobs', now()),
    ('procrastinate', '0021_add_kwargs_to_defer_periodic_job', now()),
    ('procrastinate', '0022_null_locks_excluded', now()),
    ('procrastinate', '0023_remove_old_finish_job_function', now()),
    ('procrastinate', '0024_job_id_bigint', now()),
    ('procrastinate', '0025_add_models', now()),
    ('procrastinate', '0026_add_job_priority', now()),
    ('procrastinate', '0027_add_periodic_job_priority', now()),
    ('procrastinate', '0028_add_cancel_states', now()),
    ('procrastinate', '0029_add_additional_params_to_retry_job', now()),
    ('procrastinate', '0030_alter_procrastinateevent_options', now()),
    ('procrastinate', '0031_add_indexes_for_fetch_job', now()),
    ('procrastinate', '0032_pre_cancel_notification', now()),
    ('procrastinate', '0033_post_cancel_notification', now()),
    ('procrastinate', '0034_pre_add_heartbeat', now()),
    ('procrastinate', '0035_post_add_heartbeat', now()),
    ('procrastinate', '0036_add_worker_model', now()),
    ('procrastinate', '0037_pre_batch_defer_jobs', now()),
    ('procrastinate', '0038_post_batch_defer_jobs', now()),
    ('procrastinate', '0039_pre_priority_lock_fetch_job', now()),
    ('procrastinate', '0040_pre_retry_failed_job', now()),
    ('procrastinate', '0041_post_retry_failed_job', now()),
    ('sessions', '0001_initial', now()),
    ('training', '0001_initial', now()),
    ('training', '0002_field_names', now()),
    ('training', '0003_whole_reason', now()),
    ('training', '0004_names_of_institutions', now()),
    ('training', '0005_desk_of_institutions', now()),
    ('training', '0006_source_and_overlaps', now()),
    ('workflow', '0035_queue_names_and_marks', now());
