-- Deals: one row per deal; of several associated companies the primary one, else the first. Won deals count as orders on their close date.
WITH deals AS (
  SELECT *,
    lower(coalesce("Is Closed Won", '')) IN ('true', '1', 'yes') OR "Deal Stage" ILIKE 'closed won%' AS won,
    lower(coalesce("Is closed lost", '')) IN ('true', '1', 'yes') OR "Deal Stage" ILIKE 'closed lost%' AS lost
  FROM read_csv('export/*[Dd][Ee][Aa][Ll][Ss]*csv*', header = true, all_varchar = true, union_by_name = true)
)
SELECT
  "Record ID"                                     AS opportunity_id,
  nullif(trim(split_part(coalesce(nullif("Associated Company IDs (Primary)", ''), "Associated Company IDs"), ';', 1)), '') AS account_id,
  nullif("Deal owner", '')                        AS rep_id,
  nullif("Original Traffic Source", '')           AS channel,
  CASE WHEN won OR lost THEN least(left("Create Date", 10), left("Close Date", 10)) ELSE left("Create Date", 10) END AS created_on,
  "Amount"                                        AS amount,
  CASE WHEN NOT coalesce(won, false) AND NOT coalesce(lost, false) THEN "Deal Stage" END AS stage,
  left("Close Date", 10)                          AS expected_close_on,
  CASE WHEN won OR lost THEN left("Close Date", 10) END AS closed_on,
  CASE WHEN won THEN 'won' WHEN lost THEN 'lost' ELSE 'open' END AS outcome,
  nullif("Closed Lost Reason", '')                AS loss_reason,
  nullif("Competitor", '')                        AS competitor
FROM deals
