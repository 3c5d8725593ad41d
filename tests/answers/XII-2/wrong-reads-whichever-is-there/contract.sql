UPDATE customers SET name = fullname WHERE name IS NULL;
ALTER TABLE customers DROP COLUMN fullname;
