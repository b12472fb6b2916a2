# What `formwork doctor` says, one line for each thing that differs
doctor-sound = Everything is as it should be: { $forms } forms, { $tables } aggregate tables, { $entries } entries in the audit trail.
doctor-trail-sound = The audit trail is as it should be: { $entries } entries. Keep the last line of each workspace elsewhere: it tells whether the trail was ever made anew.
doctor-differs = Things that are not as they should be: { $count }. They are listed above; a backup has what is gone.
doctor-damaged-file = The database file is damaged: { $detail }
doctor-space-is-kept = The database keeps the room of removed data. On PostgreSQL turn autovacuum on.
doctor-missing-table = The table { $name } is missing.
doctor-missing-column = The column { $name } is missing.
doctor-other-type = The column { $name } has another type.
doctor-missing-index = The index { $name } is missing.
doctor-unfinished-index = The making of the index { $name } broke off.
doctor-missing-trigger = The trigger { $name } is missing or switched off: the audit trail can be changed.
doctor-form-broken = The form { $form } names something that is gone: { $detail }
doctor-group-broken = The permission group { $group } no longer fits the form { $form } and grants nothing.
doctor-field-without-column = The field { $field } of the form { $form } has no column for its values.
doctor-aggregate-broken = The aggregate table { $aggregate } names something that is gone: { $detail }
doctor-aggregate-wrong = Groups of the aggregate table { $aggregate } that differ from the records: { $count }. The first is { $group }
doctor-request-differs = The request “{ $request }” ({ $id }) stands otherwise than its log says.
doctor-file-room-wrong = The files of “{ $workspace }” come to { $there } bytes, and { $counted } are counted for them.
doctor-audit-broken = The audit trail of “{ $workspace }” is not what was written: entry { $seq } { $wrong ->
        [missing] is gone
        [content] was changed
       *[chain] was put in, moved, or has another seal
    }. { $entry }
doctor-audit-unsealed = Entries in the audit trail of “{ $workspace }” that have had no seal for over a minute: { $count }
doctor-check-failed = The check “{ $check }” could not be made: { $detail }
