-- User: one row per person; Salesforce's own users (integration, automated process) are left out. A person who was
-- switched off left on the day of the last change, the nearest date that Salesforce keeps.
SELECT
  "Id"                                                                AS rep_id,
  trim(concat_ws(' ', "FirstName", "LastName"))                       AS rep_name,
  coalesce(nullif("Department", ''), nullif("Division", ''))          AS team,
  nullif("Country", '')                                               AS region,
  "Title"                                                             AS role,
  CASE WHEN lower("IsActive") IN ('0', 'false') THEN left("LastModifiedDate", 10) END AS left_on
FROM read_csv('export/[Uu][Ss][Ee][Rr].*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE "UserType" = 'Standard' AND coalesce(lower("IsSystemControlled"), '0') NOT IN ('1', 'true')
