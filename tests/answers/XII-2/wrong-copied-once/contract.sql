ALTER TABLE customers DROP COLUMN fullname;
