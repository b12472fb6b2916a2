-- The stays of requests at the steps of their flows, for figures: where they wait, and for how long. A step that is passed
-- in the moment in which it is reached is no stay.
CREATE TABLE step_visit (
    workspace BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    -- Its place among the visits of the instance.
    visit BIGINT NOT NULL,
    form BIGINT NOT NULL,
    -- The version of the flow that the instance ran then.
    flow_version BIGINT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    left_at BIGINT,
    PRIMARY KEY (workspace, instance, visit)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX step_visit_left ON step_visit (workspace, form, left_at);
CREATE INDEX task_decided ON task (workspace, form, decided_at);

-- Those of instances that are there already stand in their markings, with moments as texts: `2026-11-22T08:00:00.25Z`.
/* sqlite:
INSERT INTO step_visit (workspace, instance, visit, form, flow_version, step, state, entered_at, left_at)
SELECT workspace, instance, visit, form, flow_version, step, state,
    CAST(strftime('%s', substr(entered, 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(replace(substr(entered, 21), 'Z', '') || '000000', 1, 6) AS INTEGER),
    CAST(strftime('%s', substr(departed, 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(replace(substr(departed, 21), 'Z', '') || '000000', 1, 6) AS INTEGER)
FROM (
    SELECT instance.workspace AS workspace, instance.id AS instance, one.key AS visit, instance.form AS form,
        instance.flow_version AS flow_version, json_extract(one.value, '$.step') AS step,
        CASE WHEN json_extract(one.value, '$.state') = 'rejected' AND instance.state <> 'rejected' THEN 'returned'
            ELSE json_extract(one.value, '$.state') END AS state,
        json_extract(one.value, '$.entered_at') AS entered, json_extract(one.value, '$.left_at') AS departed
    FROM instance, json_each(instance.marking, '$.visits') AS one
    WHERE json_extract(one.value, '$.arms') IS NULL
) AS visits
WHERE departed IS NULL OR departed <> entered;
*/
/* postgres:
INSERT INTO step_visit (workspace, instance, visit, form, flow_version, step, state, entered_at, left_at)
SELECT workspace, instance, visit, form, flow_version, step, state,
    CAST(extract(epoch FROM CAST(substr(entered, 1, 19) AS TIMESTAMP)) AS BIGINT) * 1000000
        + CAST(substr(replace(substr(entered, 21), 'Z', '') || '000000', 1, 6) AS BIGINT),
    CAST(extract(epoch FROM CAST(substr(departed, 1, 19) AS TIMESTAMP)) AS BIGINT) * 1000000
        + CAST(substr(replace(substr(departed, 21), 'Z', '') || '000000', 1, 6) AS BIGINT)
FROM (
    SELECT instance.workspace AS workspace, instance.id AS instance, one.place - 1 AS visit, instance.form AS form,
        instance.flow_version AS flow_version, one.value ->> 'step' AS step,
        CASE WHEN one.value ->> 'state' = 'rejected' AND instance.state <> 'rejected' THEN 'returned'
            ELSE one.value ->> 'state' END AS state,
        one.value ->> 'entered_at' AS entered, one.value ->> 'left_at' AS departed
    FROM instance
        CROSS JOIN LATERAL jsonb_array_elements(CAST(instance.marking AS jsonb) -> 'visits')
            WITH ORDINALITY AS one (value, place)
    WHERE one.value -> 'arms' IS NULL
) AS visits
WHERE departed IS NULL OR departed <> entered;
*/
