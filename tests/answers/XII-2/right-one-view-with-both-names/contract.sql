DROP VIEW customers;
ALTER TABLE customer_rows RENAME COLUMN fullname TO name;
ALTER TABLE customer_rows RENAME TO customers;
