-- Word of saved records is taken at once, in the order of its numbers: a save need not keep an index of it.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (kind, due_at, id) WHERE kind <> 'record';
