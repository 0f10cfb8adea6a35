-- Drops one part of a table, and forgets the token of the insert that made it. Parameters:
-- table:Identifier, part:String.
ALTER TABLE {table:Identifier} DROP PART {part:String}
