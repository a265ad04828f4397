-- Lead: one row per enquiry. Converted means qualified; closed without conversion means disqualified.
SELECT
  "Id"                                                       AS lead_id,
  left("CreatedDate", 10)                                    AS created_on,
  nullif("LeadSource", '')                                   AS channel,
  nullif("OwnerId", '000000000000000AAA')                    AS rep_id,
  nullif("ConvertedAccountId", '000000000000000AAA')         AS account_id,
  CASE WHEN lower("IsConverted") IN ('1', 'true') THEN greatest(left("ConvertedDate", 10), left("CreatedDate", 10)) END AS qualified_on,
  CASE WHEN lower("IsConverted") NOT IN ('1', 'true') AND "Status" ILIKE 'closed%' THEN left("LastModifiedDate", 10) END AS disqualified_on,
  CASE WHEN lower("IsConverted") NOT IN ('1', 'true') AND "Status" ILIKE 'closed%' THEN "Status" END AS disqualify_reason,
  nullif("ConvertedOpportunityId", '000000000000000AAA')     AS opportunity_id
FROM read_csv('export/[Ll][Ee][Aa][Dd].*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE coalesce(lower("IsDeleted"), '0') NOT IN ('1', 'true')
