-- Opportunity: one row per deal. Records that were moved into Salesforce after they were closed carry the day of the move
-- as their creation; they count as created on the day they closed. Where orders are not exported, won deals count as orders.
SELECT
  "Id"                                            AS opportunity_id,
  nullif("AccountId", '000000000000000AAA')       AS account_id,
  nullif("OwnerId", '000000000000000AAA')         AS rep_id,
  nullif("LeadSource", '')                        AS channel,
  CASE WHEN lower("IsClosed") IN ('1', 'true') THEN least(left("CreatedDate", 10), left("CloseDate", 10)) ELSE left("CreatedDate", 10) END AS created_on,
  "Amount"                                        AS amount,
  CASE WHEN lower("IsClosed") NOT IN ('1', 'true') THEN "StageName" END AS stage,
  left("CloseDate", 10)                           AS expected_close_on,
  CASE WHEN lower("IsClosed") IN ('1', 'true') THEN left("CloseDate", 10) END AS closed_on,
  CASE WHEN lower("IsWon") IN ('1', 'true') THEN 'won' WHEN lower("IsClosed") IN ('1', 'true') THEN 'lost' ELSE 'open' END AS outcome,
  nullif("Loss_Reason__c", '')                    AS loss_reason,
  nullif("MainCompetitors__c", '')                AS competitor
FROM read_csv('export/[Oo][Pp][Pp][Oo][Rr][Tt][Uu][Nn][Ii][Tt][Yy].*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE coalesce(lower("IsDeleted"), '0') NOT IN ('1', 'true')
