CREATE VIEW people AS SELECT id, fullname AS name FROM customers;
