-- Owners: one row per person. HubSpot's other exports name the owner, so the name is the id.
SELECT
  trim(concat_ws(' ', "First Name", "Last Name")) AS rep_id,
  trim(concat_ws(' ', "First Name", "Last Name")) AS rep_name,
  coalesce(nullif("Main team", ''), nullif("Team", '')) AS team,
  nullif("Job Title", '')                         AS role,
  left(nullif("Deactivated Date", ''), 10)        AS left_on
FROM read_csv('export/*[Oo][Ww][Nn][Ee][Rr][Ss]*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE trim(concat_ws(' ', "First Name", "Last Name")) <> ''
