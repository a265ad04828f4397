-- OpportunityHistory: one row for each time that a deal enters a stage; rows that change only the amount are left out,
-- closing is the deal's outcome and no stage.
SELECT "OpportunityId" AS opportunity_id, "StageName" AS stage, left("CreatedDate", 10) AS entered_on
FROM (
  SELECT *, lag("StageName") OVER (PARTITION BY "OpportunityId" ORDER BY "CreatedDate", "Id") AS before
  FROM read_csv('export/[Oo][Pp][Pp][Oo][Rr][Tt][Uu][Nn][Ii][Tt][Yy][Hh][Ii][Ss][Tt][Oo][Rr][Yy].*csv*', header = true, all_varchar = true, union_by_name = true)
  WHERE coalesce(lower("IsDeleted"), '0') NOT IN ('1', 'true')
) AS history
WHERE "StageName" IS DISTINCT FROM before AND "StageName" NOT ILIKE 'closed%'
