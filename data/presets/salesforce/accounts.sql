-- Account: one row per customer. Region is your own field Region__c where you have one, else the country or state of the invoice.
SELECT
  "Id"                                                                AS account_id,
  "Name"                                                              AS account_name,
  "Industry"                                                          AS industry,
  coalesce(nullif("Region__c", ''), nullif("BillingCountry", ''), nullif("BillingState", '')) AS region,
  nullif("OwnerId", '000000000000000AAA')                             AS owner_id,
  left("CreatedDate", 10)                                             AS created_on,
  "NumberOfEmployees"                                                 AS employees,
  "AnnualRevenue"                                                     AS annual_revenue
FROM read_csv('export/[Aa][Cc][Cc][Oo][Uu][Nn][Tt].*csv*', header = true, all_varchar = true, union_by_name = true)
WHERE coalesce(lower("IsDeleted"), '0') NOT IN ('1', 'true')
