-- A maker who moves between cooperatives: each pays her for the days on which her home was the cooperative's.

-- Which days of sale a line is about. Whatever was sold on them and is in the ledger up to the batch's position is
-- settled by the line, so nothing is paid twice, however late another home is told of. Until now that was every day.
ALTER TABLE payout_line ADD COLUMN days datemultirange NOT NULL DEFAULT '{(,)}' CHECK (NOT isempty(days));

-- A maker can be in several open batches, of days that do not overlap: whoever claims holds her row of `maker`.
ALTER TABLE payout_open ADD COLUMN days datemultirange NOT NULL DEFAULT '{(,)}' CHECK (NOT isempty(days));
ALTER TABLE payout_open DROP CONSTRAINT payout_open_pkey, ADD PRIMARY KEY (maker_id, payout);
