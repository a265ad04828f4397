"""What shows customers: charts, tables and sentences."""

from salesnb.display.customers import acts as acts
from salesnb.display.customers import calls as calls
from salesnb.display.customers import charts as charts
from salesnb.display.customers import key_accounts as key_accounts
from salesnb.display.customers import prose as prose
from salesnb.display.customers import tables as tables
