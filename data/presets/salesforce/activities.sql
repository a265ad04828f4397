-- Task (finished ones) and Event: one row per contact. An Event is a visit where its type says so, else a meeting.
SELECT
  "Id"                                            AS activity_id,
  nullif("OwnerId", '000000000000000AAA')         AS rep_id,
  nullif("AccountId", '000000000000000AAA')       AS account_id,
  CASE WHEN left("WhatId", 3) = '006' THEN "WhatId" END AS opportunity_id,
  CASE WHEN coalesce("TaskSubtype", "Type", "Subject") ILIKE '%call%' THEN 'call'
       WHEN coalesce("TaskSubtype", "Type", "Subject") ILIKE '%email%' THEN 'email'
       WHEN coalesce("Type", "Subject") ILIKE '%visit%' THEN 'visit'
       WHEN coalesce("Type", "Subject") ILIKE '%meeting%' THEN 'meeting'
       ELSE 'other' END                           AS kind,
  left("ActivityDate", 10)                        AS happened_on,
  try_cast("CallDurationInSeconds" AS DOUBLE) / 60 AS minutes,
  coalesce(trim("Description"), '') <> ''         AS has_minutes
FROM read_csv('export/[Tt][Aa][Ss][Kk].*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE coalesce(lower("IsDeleted"), '0') NOT IN ('1', 'true') AND (lower("IsClosed") IN ('1', 'true') OR "Status" = 'Completed')
UNION ALL
SELECT
  "Id",
  nullif("OwnerId", '000000000000000AAA'),
  nullif("AccountId", '000000000000000AAA'),
  CASE WHEN left("WhatId", 3) = '006' THEN "WhatId" END,
  CASE WHEN coalesce("Type", '') || ' ' || coalesce("Subject", '') ILIKE '%visit%' THEN 'visit'
       WHEN coalesce("Type", '') || ' ' || coalesce("Subject", '') ILIKE '%demo%' THEN 'demo'
       WHEN coalesce("Type", '') || ' ' || coalesce("Subject", '') ILIKE '%call%' THEN 'call'
       ELSE 'meeting' END,
  left(coalesce(nullif("ActivityDate", ''), "StartDateTime"), 10),
  try_cast("DurationInMinutes" AS DOUBLE),
  coalesce(trim("Description"), '') <> ''
FROM read_csv('export/[Ee][Vv][Ee][Nn][Tt].*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE coalesce(lower("IsDeleted"), '0') NOT IN ('1', 'true')
