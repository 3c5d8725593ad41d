DROP TRIGGER keep_names_equal ON customers;
DROP FUNCTION keep_names_equal;
ALTER TABLE customers DROP COLUMN fullname;
ALTER TABLE customers ALTER COLUMN name SET NOT NULL;
