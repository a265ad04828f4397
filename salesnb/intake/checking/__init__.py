"""Do the rows of a table keep its rules, and what looks wrong all the same?"""
