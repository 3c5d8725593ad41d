DROP TRIGGER copy_name ON customers;
ALTER TABLE customers DROP COLUMN fullname;
