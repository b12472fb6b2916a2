//! Records as they are sent: read, worked out, checked, and written again.

use std::sync::Arc;

use engine::formula::sample::Sample;
use engine::record::{Draft, ReadPolicy, read_new_fields, values_to_json};
use engine::value::{Values, get};
use serde_json::Value as Json;

use super::{corpus, order};

const WORDS: &[&str] = &[
    "name",
    "amount",
    "lines",
    "qty",
    "id",
    "day",
    "at",
    "month",
    "time",
    "done",
    "stage",
    "tags",
    "place",
    "mail",
    "site",
    "phone",
    "customer",
    "who",
    "papers",
    "data",
    "text",
    "total",
    "2026-02-29",
    "2026-11-22",
    "0000-00-00",
    "24:00",
    "2026-11-22T08:05:60Z",
    "-002026-01-01T00:00:00Z",
    "open",
    "a/b",
    "1,234.50",
    "１２",
    "￥2",
    "1e5",
    "0.001",
    "-0",
    "11010519491231002X",
    "https://",
    "javascript:alert(1)",
    "<script>",
    "<p onclick=x>",
    "a@b",
    "+86 138 0013 8000",
    "0sbqd00000001",
    "lat",
    "lng",
    "{\"error\": \"#DIV/0!\"}",
];

#[test]
fn no_record_breaks_what_reads_it() {
    let forms = order();
    let form = Arc::new(forms.published("order"));
    let all = |_: &str| true;
    let wire = |values: &Values| values_to_json(&form, values, &all);
    corpus("record", Vec::new(), WORDS).hammer(|input| {
        let Ok(Json::Object(fields)) = serde_json::from_slice(input) else { return false };
        let read = match read_new_fields(&form, &fields, &ReadPolicy::unrestricted()) {
            Ok(read) => read,
            Err(faults) => {
                assert!(!faults.is_empty());
                return false;
            }
        };
        // What was read and is sent as it is written is read as the same.
        let values = &read.values;
        let mut sent = wire(values);
        sent.retain(|key, _| form.column(key).is_some_and(|column| column.field.is_input()));
        sent.remove("lines");
        let again = read_new_fields(&form, &sent, &ReadPolicy::unrestricted());
        let again = again.unwrap_or_else(|faults| panic!("{sent:?}: {faults:?}")).values;
        for key in values.keys().filter(|key| sent.contains_key(*key)) {
            assert_eq!(get(&again, key), get(values, key), "{key} of {sent:?}");
        }
        // Whatever was sent, it is worked out, and all that is wrong with it is found, twice alike.
        let checked = || {
            let mut draft = Draft::new(form.clone(), Sample::context());
            draft.apply(read.clone());
            (draft.faults(&all), wire(draft.values()))
        };
        assert_eq!(checked(), checked());
        true
    });
}
