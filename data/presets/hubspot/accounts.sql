-- Companies: one row per customer.
SELECT
  "Record ID"                                     AS account_id,
  "Company name"                                  AS account_name,
  nullif("Industry", '')                          AS industry,
  coalesce(nullif("Country/Region", ''), nullif("State/Region", '')) AS region,
  nullif("Company owner", '')                     AS owner_id,
  left("Create Date", 10)                         AS created_on,
  "Number of Employees"                           AS employees,
  "Annual Revenue"                                AS annual_revenue
FROM read_csv('export/*[Cc][Oo][Mm][Pp][Aa][Nn][Ii][Ee][Ss]*csv*', header = true, all_varchar = true, union_by_name = true)
