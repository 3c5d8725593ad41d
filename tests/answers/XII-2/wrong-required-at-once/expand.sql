ALTER TABLE customers ADD COLUMN name text;
UPDATE customers SET name = fullname;
ALTER TABLE customers ALTER COLUMN fullname DROP NOT NULL;
ALTER TABLE customers ALTER COLUMN name SET NOT NULL;
