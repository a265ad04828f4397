-- Contacts: one row per person, as a lead from the day it was created; a sales qualified lead is qualified.
SELECT
  "Record ID"                                     AS lead_id,
  left("Create Date", 10)                         AS created_on,
  coalesce(nullif("Original Traffic Source", ''), nullif("Original Source", '')) AS channel,
  nullif("Contact owner", '')                     AS rep_id,
  nullif("Primary Associated Company ID", '')     AS account_id,
  greatest(left(coalesce(nullif("Became a Sales Qualified Lead Date", ''), nullif("Became an Opportunity Date", '')), 10), CASE WHEN coalesce(nullif("Became a Sales Qualified Lead Date", ''), nullif("Became an Opportunity Date", '')) IS NOT NULL THEN left("Create Date", 10) END) AS qualified_on
FROM read_csv('export/*[Cc][Oo][Nn][Tt][Aa][Cc][Tt][Ss]*csv*', header = true, all_varchar = true, union_by_name = true)
