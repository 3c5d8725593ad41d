CREATE TABLE accounts (owner text PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE payments (id serial PRIMARY KEY, owner text NOT NULL, cents bigint NOT NULL);
CREATE TABLE schema_version (version int NOT NULL);
INSERT INTO accounts VALUES ('mia', 100);
INSERT INTO schema_version VALUES (1);
