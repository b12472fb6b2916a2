//! What becomes of a random record: it is read, computed, changed, checked.

use std::fmt::Write;
use std::sync::Arc;

use engine::context::{CallsByName, Context, Dice as Chance, KnownNames};
use engine::field::{FieldKind, Shape};
use engine::form::{Column, Form};
use engine::record::{Draft, Linked, ReadPolicy, read_new_fields, title, values_to_json};
use engine::text::Language;
use engine::value::{Date, Id, Timestamp, Value, fold, get};
use serde_json::{Map, Value as Json, json};

use crate::dice::Dice;
use crate::form::said;
use crate::kinds;

/// Changes after the record was filled in.
const CHANGES: usize = 6;

struct Staff;

impl CallsByName for Staff {
    fn name(&self, id: Id) -> Option<String> {
        Some(format!("member {}", id.as_i64()))
    }
}

/// What the engine makes of it, as one line.
pub fn told(form: Arc<Form>, dice: &mut Dice) -> String {
    let mut line = String::new();
    // What links lead to is known from the start, or later.
    let known = if dice.once_in(2) { kinds::records() } else { Linked::default() };
    let context = context(dice);
    let today = context.today();
    let mut draft = Draft::new_with(form.clone(), context, known);
    let fields = fields(&form, dice);
    match read_new_fields(&form, &fields, &ReadPolicy::unrestricted()) {
        Ok(values) => draft.apply(values),
        Err(faults) => {
            // What is right is entered all the same.
            line.push_str(&said(&faults));
            // By name: in which order a map has its members depends on how the program was built.
            let mut one_by_one: Vec<_> = fields.iter().collect();
            one_by_one.sort_by_key(|(key, _)| *key);
            for (key, json) in one_by_one {
                let one = Map::from_iter([(key.clone(), json.clone())]);
                if let Ok(values) = read_new_fields(&form, &one, &ReadPolicy::unrestricted()) {
                    draft.apply(values);
                }
            }
        }
    }
    show(&draft, today, &mut line);
    draft.learn(kinds::records());
    answer(&mut draft);
    for _ in 0..CHANGES {
        change(&mut draft, dice);
    }
    answer(&mut draft);
    show(&draft, today, &mut line);
    line
}

/// Some moment in some zone.
fn context(dice: &mut Dice) -> Context {
    const ZONES: &[&str] =
        &["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"];
    let zone = jiff::tz::TimeZone::get(dice.pick(ZONES)).unwrap_or(jiff::tz::TimeZone::UTC);
    let second = 1_700_000_000 + dice.roll(200_000_000) as i64;
    let mut context = Context::system(Timestamp::from_second(second).unwrap_or_default(), zone);
    context.user = Id::from_i64(7);
    context.params.insert("rate".into(), Value::number(13));
    context.names = KnownNames::of(Arc::new(Staff));
    context.dice = Chance::new(u128::from(dice.next()));
    context
}

/// What is sent: mostly right, and written in all the ways that people write.
fn fields(form: &Form, dice: &mut Dice) -> Map<String, Json> {
    let mut fields = Map::new();
    for column in form.fields().filter(|column| column.field.is_input()) {
        if dice.once_in(5) {
            continue;
        }
        let json = if column.shape == Shape::Rows { rows(form, dice) } else { entry(column, dice) };
        fields.insert(column.path.clone(), json);
    }
    fields
}

fn rows(form: &Form, dice: &mut Dice) -> Json {
    let count = dice.roll(6);
    let row = |_| -> Json {
        let columns = form.columns_of("lines").filter(|column| column.field.is_input());
        let cells = columns.map(|column| (column.field.key.clone(), entry(column, dice)));
        Json::Object(cells.collect())
    };
    (0..count).map(row).collect()
}

fn entry(column: &Column, dice: &mut Dice) -> Json {
    if dice.once_in(12) {
        return json!(null);
    }
    if let Some(entry) = kinds::entry(column, dice) {
        return entry;
    }
    // As long as what is unique may be, or a little longer.
    if column.path == "code" && dice.once_in(6) {
        return json!("长".repeat(490 + dice.roll(20)));
    }
    let text = match column.shape {
        Shape::Decimal(_) => dice.pick(&[
            "0",
            "1",
            "-1",
            "2.5",
            "12.345678",
            "1,234.50",
            "１２．５",
            "999999999999",
            "0.1",
            "0.00000001",
            "abc",
            "1e3",
            "￥12.50",
            "USD 4",
            "12 kg",
            "50%",
        ]),
        Shape::Day => {
            dice.pick(&["2026-11-22", "2024/2/29", "1000-01-01", "9999-12-31", "2026年3月8日", "2026-02-30"])
        }
        Shape::Instant => {
            dice.pick(&["2026-11-22T08:05:00Z", "2026-03-29T01:30:00Z", "2026-11-01 05:30", "soon"])
        }
        Shape::Bool => return json!(dice.once_in(2)),
        Shape::Key => dice.pick(&["won", "lost", "open", "gone"]),
        Shape::Keys if dice.once_in(4) => return json!([dice.pick(&["another", "vip"])]),
        Shape::Keys => return json!([dice.pick(&["vip", "old"]), "new"]),
        Shape::Ref => dice.pick(&["0000000000007", "0sbqd00000001", "nobody"]),
        _ => dice.pick(&[
            "won",
            "pen",
            "流程",
            "Straße",
            "e\u{301}",
            " a  b ",
            "＝ＡＢＣ",
            "x,y;z",
            "31.23,121.47",
            "🙂",
            "2026-11",
            "AB-12",
            "138 0013 8000",
            "京A·12345",
            "510000",
            "",
        ]),
    };
    json!(text)
}

/// Gives every figure that is asked for, and every default of another form, an answer that follows from its question.
fn answer(draft: &mut Draft) {
    let sum = |key: &str| -> u64 { key.bytes().map(u64::from).sum() };
    for _ in 0..3 {
        let open: Vec<String> = draft.open_questions().into_iter().map(|question| question.key).collect();
        let given = open.into_iter().map(|key| {
            let sum = sum(&key);
            let answer = if sum % 3 == 0 { Value::Empty } else { Value::text(format!("given {sum}")) };
            (key, answer)
        });
        draft.answer_questions(given.collect::<Vec<_>>());
        let mut answers = draft.answers().clone();
        let asked: Vec<String> = draft.asks().iter().map(|ask| ask.key.clone()).collect();
        if asked.is_empty() {
            return;
        }
        for key in asked {
            let answer = Value::number(sum(&key) % 500);
            answers.insert(key, answer);
        }
        draft.answer(&answers);
    }
}

/// A cell is set, or the rows change.
fn change(draft: &mut Draft, dice: &mut Dice) {
    let count = get(draft.values(), "lines").rows().len();
    match dice.roll(6) {
        0 if count < 8 => {
            draft.add_row("lines");
        }
        1 if count > 0 => draft.remove_row("lines", dice.roll(count)),
        2 if count > 1 => draft.move_row("lines", dice.roll(count), dice.roll(count)),
        3 | 4 if count > 0 => {
            let row = dice.roll(count);
            let key = field_of(&["item", "note", "qty", "price", "day", "part"], dice);
            set(draft, &format!("lines.{key}"), &format!("lines.{row}.{key}"), dice);
        }
        _ => {
            let key = field_of(CHANGED, dice);
            set(draft, &key, &key, dice);
        }
    }
}

/// Fields of a record that change; a form need not have all of them.
const CHANGED: &[&str] = &[
    "amount", "state", "code", "paid", "blank", "day", "at", "by", "tags", "deal", "deals", "copied",
    "priced", "buyer", "given",
];

/// One of these, or now and then of a further kind.
fn field_of(keys: &[&str], dice: &mut Dice) -> String {
    if !dice.once_in(3) {
        return dice.pick(keys).to_string();
    }
    let further: Vec<String> = kinds::keys().collect();
    further.get(dice.roll(further.len())).cloned().unwrap_or_default()
}

fn set(draft: &mut Draft, column: &str, path: &str, dice: &mut Dice) {
    let form = draft.form().clone();
    let Some(column) = form.column(column) else { return };
    if let Ok(value) = column.parse(&entry(column, dice)) {
        draft.set(path, value);
    }
}

/// Everything that can be seen of a draft.
fn show(draft: &Draft, today: Date, line: &mut String) {
    let form = draft.form();
    let values = values_to_json(form, draft.values(), &|_| true);
    let paths = || form.fields().map(|column| column.path.as_str());
    let hidden: Vec<&str> = paths().filter(|path| draft.is_hidden(path)).collect();
    let required: Vec<&str> = form
        .fields()
        .filter(|column| draft.is_required(column, None))
        .map(|column| column.path.as_str())
        .collect();
    let (hidden_cells, required_cells) = cells(draft);
    let asked: Vec<&str> = draft.asks().iter().map(|ask| ask.key.as_str()).collect();
    let faults: Vec<Json> = draft
        .faults(&|_| true)
        .iter()
        .map(|fault| json!({"path": fault.path, "code": fault.code, "args": fault.args}))
        .collect();
    let open: Vec<String> = draft.open_questions().into_iter().map(|question| question.key).collect();
    let stored = values_to_json(form, &draft.stored_values(), &|_| true);
    let shown = json!({"values": values, "stored": stored, "hidden": hidden, "required": required,
        "hidden_cells": hidden_cells, "required_cells": required_cells, "asked": asked,
        "open": open, "faults": faults, "evaluations": draft.evaluations(), "called": called(draft),
        "numbers": numbers(draft, today), "told": told_apart(draft)});
    sorted(&shown, line);
}

/// The cells of the rows that conditions hide, and those that have to be filled in.
fn cells(draft: &Draft) -> (Vec<String>, Vec<String>) {
    let (mut hidden, mut required) = (Vec::new(), Vec::new());
    for row in 0..get(draft.values(), "lines").rows().len() {
        for column in draft.form().columns_of("lines") {
            let path = format!("lines.{row}.{}", column.field.key);
            if draft.is_required(column, Some(row)) {
                required.push(path.clone());
            }
            if draft.is_hidden(&path) {
                hidden.push(path);
            }
        }
    }
    (hidden, required)
}

/// What the record is called, in each language.
fn called(draft: &Draft) -> Vec<String> {
    let called = |language| title(draft.form(), draft.values(), language, &|_| String::new());
    [Language::ZhCn, Language::ZhTw, Language::En].map(called).to_vec()
}

/// The numbers that the record would get, and what they are counted by.
fn numbers(draft: &Draft, today: Date) -> Vec<Json> {
    let part = |field: &str| get(draft.values(), field).as_text().unwrap_or_default().to_string();
    let serial = |column: &Column| match &column.field.kind {
        FieldKind::Serial(serial) => Some(serial.clone()),
        _ => None,
    };
    let serials = draft.form().fields().filter_map(serial);
    serials
        .map(|serial| {
            let number = serial.render(7, today, part);
            json!([number, serial.period(today), serial.count_in(&number, today, part)])
        })
        .collect()
}

/// What texts are searched, sorted and told apart by: their folded form. How they sound is known to the server alone.
fn told_apart(draft: &Draft) -> Vec<String> {
    let texts = draft.form().fields().filter(|column| column.shape == Shape::Text);
    texts.filter_map(|column| get(draft.values(), &column.path).as_text()).map(fold).collect()
}

/// JSON with its members in order: a build may keep them in another one.
fn sorted(json: &Json, line: &mut String) {
    match json {
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            line.push('{');
            for (place, (key, value)) in members.into_iter().enumerate() {
                if place > 0 {
                    line.push(',');
                }
                // Writing to a String cannot fail.
                let _ = write!(line, "{}:", Json::String(key.clone()));
                sorted(value, line);
            }
            line.push('}');
        }
        Json::Array(items) => {
            line.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    line.push(',');
                }
                sorted(item, line);
            }
            line.push(']');
        }
        single => {
            let _ = write!(line, "{single}");
        }
    }
}
