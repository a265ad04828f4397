-- Product2: one row per product; its family is the product line.
SELECT
  "Id"                  AS product_id,
  "Name"                AS product_name,
  nullif("Family", '')  AS product_line
FROM read_csv('export/[Pp][Rr][Oo][Dd][Uu][Cc][Tt]2.*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE coalesce(lower("IsDeleted"), '0') NOT IN ('1', 'true')
