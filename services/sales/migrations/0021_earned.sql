-- Who has earned something on which day: said once, read from the ledger in its order.

-- Makers that were named for a day, by their accounts.
CREATE TABLE earned (
    day     date NOT NULL,
    account int  NOT NULL REFERENCES account,
    PRIMARY KEY (day, account)
);

-- How far the ledger was read. What lies between `position` and `upto` is read when every transaction that was running
-- when `upto` was the last number, each older than `horizon`, has ended: then nothing can appear there any more.
CREATE TABLE earned_reading (
    sole     boolean PRIMARY KEY DEFAULT true CHECK (sole),
    position bigint  NOT NULL,
    upto     bigint  NOT NULL,
    horizon  xid8    NOT NULL,
    CHECK (position <= upto)
);
INSERT INTO earned_reading (position, upto, horizon) VALUES (0, 0, '0');
