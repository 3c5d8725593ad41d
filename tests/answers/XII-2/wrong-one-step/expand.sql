ALTER TABLE customers RENAME COLUMN fullname TO name;
