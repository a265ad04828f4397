-- Deals: one row for each stage that a deal has entered, from the columns that HubSpot keeps for each stage, such as
-- Date entered "Contract Sent (Sales Pipeline)"; add them to the export. Closing is the deal's outcome and no stage.
WITH deals AS (
  FROM read_csv('export/*[Dd][Ee][Aa][Ll][Ss]*csv*', header = true, all_varchar = true, union_by_name = true)
), entered AS (
  SELECT "Record ID" AS opportunity_id, trim(regexp_replace(regexp_extract(heading, '^Date entered ["''](.*)["'']$', 1), ' \([^()]*\)$', '')) AS stage, left(day, 10) AS entered_on
  FROM (SELECT "Record ID", COLUMNS('^Date entered ["''].*["'']$') FROM deals) UNPIVOT (day FOR heading IN (* EXCLUDE "Record ID"))
  WHERE day <> ''
), spelled AS (
  SELECT lower("Deal Stage") AS folded, min("Deal Stage") AS stage FROM deals GROUP BY 1
)
SELECT opportunity_id, coalesce(spelled.stage, entered.stage) AS stage, min(entered_on) AS entered_on
FROM entered LEFT JOIN spelled ON spelled.folded = lower(entered.stage)
WHERE entered.stage NOT ILIKE 'closed%'
GROUP BY 1, 2
ORDER BY 1, 3, 2
