CREATE TABLE entry (id uuid PRIMARY KEY, name text NOT NULL, amount int NOT NULL);
CREATE TABLE arrived (name text PRIMARY KEY);
