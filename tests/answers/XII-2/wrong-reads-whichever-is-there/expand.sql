ALTER TABLE customers ADD COLUMN name text;
ALTER TABLE customers ALTER COLUMN fullname DROP NOT NULL;
