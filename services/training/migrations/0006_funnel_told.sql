-- What was recorded of makers' steps before that was told: the whole funnel is to follow from the logs.

CREATE FUNCTION pg_temp.tell(event text, about text, data json, at timestamptz) RETURNS void LANGUAGE sql AS $$
    WITH logged AS (
        INSERT INTO event_log (day, id, type, subject, envelope)
        SELECT (now() AT TIME ZONE 'UTC')::date, id, event, about,
               json_build_object(
                   'specversion', '1.0', 'source', '/services/training', 'time', at,
                   'datacontenttype', 'application/json', 'id', id, 'type', event, 'subject', about,
                   'correlationid', id, 'data', data
               )::text
        FROM gen_random_uuid() AS id
        RETURNING day, id
    )
    INSERT INTO outbox (day, id) SELECT day, id FROM logged
$$;

SELECT pg_temp.tell('training.ProgrammeStepsSet.v1', o.valid_from::text, json_build_object(
           'valid_from', o.valid_from,
           'steps', (SELECT json_agg(json_build_object('code', code, 'name_id', name_id, 'name_en', name_en)
                                     ORDER BY position)
                     FROM programme_step s WHERE s.valid_from = o.valid_from)), o.set_at)
FROM step_order o
WHERE o.set_by <> 'system'
ORDER BY o.set_at;

SELECT pg_temp.tell('training.MakerReachedStep.v1', maker_id || '/' || step, json_build_object(
           'fact_id', fact_id, 'maker_id', maker_id, 'step', step, 'reached_on', reached_on), recorded_at)
FROM (
    SELECT record_id AS fact_id, maker_id, step, reached_on, recorded_at FROM step_record
    UNION ALL
    SELECT visit_id, maker_id, 'accompaniment', visited_on, recorded_at FROM visit
) fact
ORDER BY recorded_at;

SELECT pg_temp.tell('training.MakerStepWithdrawn.v1', maker_id || '/' || step, json_build_object(
           'fact_id', fact_id, 'maker_id', maker_id, 'step', step), at)
FROM (
    SELECT record_id AS fact_id, maker_id, step FROM step_record
    UNION ALL
    SELECT visit_id, maker_id, 'accompaniment' FROM visit
) fact
JOIN withdrawal w ON w.record_id = fact.fact_id
ORDER BY at;
