-- Who owes whom: accounts, and the outlets with what was agreed with them.

CREATE TABLE account (
    id    int  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind  text NOT NULL CHECK (kind IN ('outlet-receivable', 'outlet-commission', 'programme-share', 'maker-payable')),
    owner text NOT NULL,
    UNIQUE (kind, owner)
);
INSERT INTO account (kind, owner) VALUES ('programme-share', 'programme');

CREATE TABLE outlet (
    code       text PRIMARY KEY,
    name       text NOT NULL,
    place      text NOT NULL,
    receivable int  NOT NULL REFERENCES account,
    commission int  NOT NULL REFERENCES account
);

-- Valid from the start of the day in Jakarta until the next one of the same outlet. Never changed.
CREATE TABLE agreement (
    outlet        text NOT NULL REFERENCES outlet,
    valid_from    date NOT NULL,
    outlet_bps    int  NOT NULL CHECK (outlet_bps >= 0),
    programme_bps int  NOT NULL CHECK (programme_bps >= 0),
    PRIMARY KEY (outlet, valid_from),
    CHECK (outlet_bps + programme_bps <= 10000)
);
