//! A random form: fields of many kinds, rules on them, and formulas made of the examples of all functions.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use engine::field::Regions;
use engine::form::{Catalogue, Form, FormDocument, NoRegions, Sketch};
use engine::formula::functions;
use engine::text::Faults;
use engine::value::Id;
use serde_json::{Map, Value as Json, json};

use crate::dice::Dice;
use crate::{kinds, limits};

/// A form that was published, and what was wrong with what had to be left out before.
pub struct Published {
    pub form: Option<Arc<Form>>,
    pub faults: String,
}

/// How often what is wrong is left out before a form is given up.
const TRIES: usize = 20;

/// The forms that know each other.
struct World(Vec<Arc<Sketch>>);

impl Catalogue for World {
    fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
        self.0.iter().find(|sketch| sketch.document.key == name).cloned()
    }

    fn regions(&self, name: &str) -> Result<Option<Arc<Regions>>, NoRegions> {
        limits::regions(name).map(Some).ok_or(NoRegions)
    }
}

/// Makes a form and publishes it, without the parts that can't be published.
pub fn published(dice: &mut Dice) -> Published {
    let mut document = document(dice);
    let mut told = String::new();
    for _ in 0..TRIES {
        let Some(own) = sketch(1, &document) else { break };
        let world = World(vec![own.clone(), payments()]);
        match Form::publish(own, 1, &world) {
            Ok(form) => return Published { form: Some(Arc::new(form)), faults: told },
            Err(faults) => {
                told.push_str(&said(&faults));
                if !leave_out(&mut document, &faults) {
                    break;
                }
            }
        }
    }
    Published { form: None, faults: told }
}

/// What is wrong, each as one word.
pub fn said(faults: &Faults) -> String {
    let fault = |fault: &engine::text::Fault| format!("[{}:{}:{:?}]", fault.path, fault.code, fault.args);
    faults.iter().map(fault).collect()
}

fn sketch(id: i64, document: &Json) -> Option<Arc<Sketch>> {
    let document: FormDocument = serde_json::from_value(document.clone()).ok()?;
    Some(Arc::new(Sketch { id: Id::from_i64(id)?, app: "pairs".into(), document }))
}

/// The form whose records the examples count.
fn payments() -> Arc<Sketch> {
    static PAYMENTS: OnceLock<Arc<Sketch>> = OnceLock::new();
    let made = || {
        let document = json!({"key": "payment", "label": "Payment", "fields": [
            {"key": "state", "label": "State", "kind": "text"},
            {"key": "amount", "label": "Amount", "kind": "money"},
            {"key": "day", "label": "Day", "kind": "date"},
            {"key": "by", "label": "By", "kind": "member"},
            {"key": "of", "label": "Of", "kind": "link", "options": {"form": "pair"}},
            {"key": "tags", "label": "Tags", "kind": "multi_select", "options": {"choices": [
                {"key": "vip", "label": "vip"}, {"key": "old", "label": "old"}, {"key": "new", "label": "new"}]}}]});
        let empty = || {
            Arc::new(Sketch { id: Id::compose(0, 0), app: String::new(), document: FormDocument::default() })
        };
        sketch(2, &document).unwrap_or_else(empty)
    };
    PAYMENTS.get_or_init(made).clone()
}

/// Takes what faults point at out of a document: a check, a member of a field, or the field itself.
fn leave_out(document: &mut Json, faults: &Faults) -> bool {
    let places: BTreeSet<(Vec<String>, bool)> = faults
        .iter()
        .map(|fault| {
            let padded =
                |part: &str| part.parse::<usize>().map_or(part.to_string(), |place| format!("{place:04}"));
            (fault.path.split('/').skip(1).map(padded).collect(), fault.code == "cycle")
        })
        .collect();
    let mut done = false;
    // From the end, so that places before stay what they are.
    for (place, is_circle) in places.iter().rev() {
        done |= take_out(document, place, *is_circle);
    }
    done
}

/// A circle is told at one of its fields: it goes on without what makes the field read others.
fn take_out(document: &mut Json, place: &[String], is_circle: bool) -> bool {
    const MEMBERS: [&str; 4] = ["compute", "default", "visible_when", "required_when"];
    const READING: [&str; 3] = ["visible_when", "default", "compute"];
    let (list, number, rest) = match place {
        [list, number, options, fields, inner, rest @ ..] if options == "options" && fields == "fields" => {
            (format!("/{list}/{}/options/fields", plain(number)), inner, rest)
        }
        [list, number, rest @ ..] => (format!("/{list}"), number, rest),
        _ => return false,
    };
    let Ok(number) = number.parse::<usize>() else { return false };
    let Some(items) = document.pointer_mut(&list).and_then(Json::as_array_mut) else { return false };
    let named = rest.first().and_then(|named| MEMBERS.into_iter().find(|member| member == named));
    let reading =
        || READING.into_iter().find(|member| items.get(number).is_some_and(|it| it.get(member).is_some()));
    let member = named.or_else(|| if is_circle { reading() } else { None });
    if let Some(member) = member {
        return match items.get_mut(number) {
            Some(Json::Object(field)) => field.remove(member).is_some(),
            _ => false,
        };
    }
    let is_there = number < items.len();
    if is_there {
        items.remove(number);
    }
    is_there
}

/// A padded number as pointers have it.
fn plain(number: &str) -> usize {
    number.parse().unwrap_or_default()
}

fn document(dice: &mut Dice) -> Json {
    let mut fields = inputs(dice);
    for number in 0..3 + dice.roll(5) {
        fields.push(computed(dice, &format!("c{number}"), false));
    }
    let mut document = json!({"key": "pair", "label": "Pair", "title": "{code} {state}", "fields": fields});
    if dice.once_in(3) {
        document["unique"] = json!([["code", "day"], ["state", "code"]]);
    }
    if dice.once_in(3) {
        let check = json!({"key": "check", "message": "no", "formula": truth(dice)});
        document["validate"] = json!([check]);
    }
    if dice.once_in(3) {
        document["rules"] = json!([{"when": condition(dice), "show": ["state"], "require": ["amount"]}]);
    }
    document
}

/// What people fill in: the fields that the examples name.
fn inputs(dice: &mut Dice) -> Vec<Json> {
    let choices = |keys: &[&str]| -> Json {
        let choice = |key: &&str| json!({"key": key, "label": key});
        json!({"choices": keys.iter().map(choice).collect::<Vec<_>>()})
    };
    let number = |dice: &mut Dice| {
        let kind = dice.pick(&["number", "money", "percent"]);
        let rounding = dice.pick(&["half_up", "half_even", "down", "up", "ceiling", "floor"]);
        let mut options = json!({"scale": dice.roll(9)});
        if kind == "number" {
            options["rounding"] = json!(rounding);
        }
        (kind, options)
    };
    let (kind, options) = number(dice);
    let mut fields = vec![json!({"key": "amount", "label": "Amount", "kind": kind, "options": options})];
    fields.push(if dice.once_in(2) {
        json!({"key": "state", "label": "State", "kind": "select", "options": choices(&["won", "lost", "open"])})
    } else {
        json!({"key": "state", "label": "State", "kind": "text"})
    });
    let mut code = json!({"key": "code", "label": "Code", "kind": "text", "options": {"max_length": 500}});
    code["unique"] = json!(dice.once_in(2));
    if dice.once_in(2) {
        code["options"]["sort"] = json!("pinyin");
    }
    fields.push(code);
    fields.push(json!({"key": "paid", "label": "Paid", "kind": "switch"}));
    fields.push(
        json!({"key": "blank", "label": "Blank", "kind": dice.pick(&["number", "text", "date", "month"])}),
    );
    fields.push(json!({"key": "day", "label": "Day", "kind": "date"}));
    fields.push(json!({"key": "at", "label": "At", "kind": "datetime"}));
    fields.push(json!({"key": "by", "label": "By", "kind": "member"}));
    fields.push(json!({"key": "tags", "label": "Tags", "kind": "multi_select", "options": choices(&["vip", "old", "new"])}));
    let (kind, options) = number(dice);
    let mut columns = vec![
        json!({"key": "item", "label": "Item", "kind": "text"}),
        json!({"key": "note", "label": "Note", "kind": "text"}),
        json!({"key": "qty", "label": "Quantity", "kind": kind, "options": options}),
        json!({"key": "price", "label": "Price", "kind": "money"}),
        json!({"key": "day", "label": "Day", "kind": "date"}),
    ];
    columns.extend(kinds::some(dice, 2));
    if dice.once_in(2) {
        columns.extend(kinds::linked_columns());
    }
    for column in columns.iter_mut().filter(|column| column["kind"] != "lookup") {
        limits::draw(dice, column);
        rules_on(dice, column, true);
    }
    for number in 0..dice.roll(3) {
        columns.push(computed(dice, &format!("r{number}"), true));
    }
    fields.push(json!({"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": columns}}));
    fields.extend(kinds::some(dice, 5));
    if dice.once_in(2) {
        fields.extend(kinds::linked());
    }
    // What a link shows is nobody's to fill in.
    for field in fields.iter_mut().filter(|field| field["kind"] != "lookup") {
        // The code is told from others and is as long as that allows.
        if field["key"] != "code" {
            limits::draw(dice, field);
        }
        rules_on(dice, field, false);
    }
    if dice.once_in(2) {
        fields.extend(kinds::given());
    }
    fields
}

/// A default, a condition, a need; of a field, or of a column.
fn rules_on(dice: &mut Dice, field: &mut Json, in_row: bool) {
    if dice.once_in(6) {
        field["required"] = json!(true);
    }
    if dice.once_in(8) {
        field["required_when"] = condition_of(dice, in_row);
    }
    if dice.once_in(8) {
        field["visible_when"] = condition_of(dice, in_row);
        field["when_hidden"] = json!(dice.pick(&["clear", "keep"]));
    }
    let has_default = field.get("default").is_some() || field.get("compute").is_some();
    if dice.once_in(8) && !has_default {
        field["default"] = default(dice, in_row);
    }
}

/// A value as it is sent, or a formula.
fn default(dice: &mut Dice, in_row: bool) -> Json {
    if dice.once_in(3) {
        return json!(dice.pick(&["pen", "2", "2026-11-22", "won", "AB-12"]));
    }
    json!({"formula": if in_row && dice.once_in(2) { in_a_row(dice) } else { source(dice) }})
}

fn computed(dice: &mut Dice, key: &str, in_row: bool) -> Json {
    let formula = if in_row && dice.once_in(2) { in_a_row(dice) } else { source(dice) };
    let mut field = Map::from_iter([("key".to_string(), json!(key)), ("label".to_string(), json!(key))]);
    if dice.once_in(2) {
        let ty = dice.pick(&["text", "text", "number", "date", "datetime", "bool"]);
        field.insert("kind".into(), json!("formula"));
        field.insert("options".into(), json!({"formula": formula, "type": ty}));
    } else {
        field.insert(
            "kind".into(),
            json!(dice.pick(&["text", "text", "long_text", "number", "money", "date"])),
        );
        field.insert("compute".into(), json!({"formula": formula}));
    }
    if dice.once_in(4) {
        field.insert("visible_when".into(), condition_of(dice, in_row));
        field.insert("when_hidden".into(), json!(dice.pick(&["clear", "keep", "recompute"])));
    }
    Json::Object(field)
}

fn condition_of(dice: &mut Dice, in_row: bool) -> Json {
    if in_row && !dice.once_in(4) { condition_in_row(dice) } else { condition(dice) }
}

/// What a column goes by: the cells beside it, or the record around it.
fn condition_in_row(dice: &mut Dice) -> Json {
    match dice.roll(6) {
        0 => json!({"field": "qty", "op": dice.pick(&["gt", "lte", "ne"]), "value": dice.roll(5)}),
        1 => json!({"field": "item", "op": dice.pick(&["is_empty", "not_empty"])}),
        2 => json!({"not": {"field": "price", "op": "lt", "value": 50}}),
        3 => json!({"field": "day", "op": "within", "value": {"relative": "this_year"}}),
        4 => json!({"field": "record.paid", "op": "eq", "value": dice.once_in(2)}),
        _ => {
            json!({"any": [{"field": "note", "op": "ne", "value": "pen"}, {"field": "amount", "op": "gt", "value": 10}]})
        }
    }
}

fn condition(dice: &mut Dice) -> Json {
    let one = |dice: &mut Dice| match dice.roll(7) {
        0 => json!({"field": "amount", "op": dice.pick(&["gt", "lte", "eq"]), "value": dice.roll(200)}),
        1 => json!({"field": "paid", "op": "eq", "value": dice.once_in(2)}),
        2 => json!({"field": "state", "op": dice.pick(&["is_empty", "not_empty"])}),
        3 => {
            json!({"field": "day", "op": "within", "value": {"relative": dice.pick(&["this_month", "this_year", "today"])}})
        }
        4 => json!({"field": "tags", "op": "has_any", "value": ["vip"]}),
        5 => json!({"field": "lines.qty", "op": "gt", "value": 2, "match": dice.pick(&["any", "all"])}),
        _ => json!({"field": "state", "op": "ne", "value": "won"}),
    };
    match dice.roll(4) {
        0 => json!({"not": one(dice)}),
        1 => json!({"any": [one(dice), one(dice)]}),
        _ => one(dice),
    }
}

/// The examples of all functions.
fn examples() -> &'static [&'static str] {
    static EXAMPLES: OnceLock<Vec<&'static str>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        functions::all().flat_map(|function| function.examples.iter().map(|(source, _)| *source)).collect()
    })
}

/// A formula: an example, or several of them together.
fn source(dice: &mut Dice) -> String {
    let example = |dice: &mut Dice| {
        let place = dice.roll(examples().len());
        examples().get(place).copied().unwrap_or_default()
    };
    let number = |dice: &mut Dice| dice.pick(NUMBERS);
    let (a, b) = (example(dice), example(dice));
    match dice.roll(9) {
        0 | 1 => a.to_string(),
        2 => format!("({a}) & \"|\" & ({b})"),
        3 => format!("IFERROR({a}, {b})"),
        4 => format!("IF({}, {a}, {b})", truth(dice)),
        5 => format!("{} {} {}", number(dice), dice.pick(&["+", "-", "*", "/", "^"]), number(dice)),
        6 => format!("ROUND({} / {}, {})", number(dice), number(dice), dice.roll(9)),
        7 => format!("TEXTJOIN(\"|\", FALSE, {a}, {b})"),
        _ => {
            format!("TEXT({}, \"{}\")", number(dice), dice.pick(&["#,##0.00", "0.0%", "[DBNum1]0", "0.###"]))
        }
    }
}

const NUMBERS: &[&str] = &[
    "amount",
    "SUM(lines.qty)",
    "AVERAGE(lines.price)",
    "MAX(lines.qty)",
    "COUNTIF(lines.item, \"p*\")",
    "LEN(state)",
    "DAYS(day, TODAY())",
    "0.1",
    "3",
    "-7.25",
    "99999999999999999999",
    "0.0000000000000001",
    "SUMPRODUCT(lines.qty, lines.price)",
    "SUMOF(payment, payment.state = state and payment.amount > amount, payment.amount)",
    "COUNTOF(payment, payment.day >= day)",
];

fn truth(dice: &mut Dice) -> String {
    let number = |dice: &mut Dice| dice.pick(NUMBERS);
    match dice.roll(5) {
        0 => "paid".to_string(),
        1 => "ISEMPTY(state)".to_string(),
        2 => "not paid or day > TODAY()".to_string(),
        _ => format!("{} {} {}", number(dice), dice.pick(&["<", ">=", "=", "<>"]), number(dice)),
    }
}

fn in_a_row(dice: &mut Dice) -> String {
    dice.pick(&[
        "qty * price",
        "item & \"-\" & note",
        "qty / SUM(record.lines.qty)",
        "IF(qty > record.amount, price, 0)",
        "ROUND(price * 1.13, 2)",
        "RANK(qty, record.lines.qty)",
        "RUNNING(qty) - PREV(qty)",
        "PREV(note) & RUNNING(price)",
        "DATEADD(day, 1, \"month\")",
        "SUMOF(payment, payment.state = item, payment.amount)",
    ])
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The designs of forms that were published.
    fn designs() -> Vec<Json> {
        let forms = (0..400).filter_map(|number| published(&mut Dice::new(5, "form", number)).form);
        forms.filter_map(|form| serde_json::to_value(&form.sketch.document).ok()).collect()
    }

    #[test]
    fn every_limit_and_every_rule_is_on_some_field_and_on_some_column() {
        let designs = designs();
        assert!(designs.len() > 300, "{}", designs.len());
        let (mut fields, mut columns) = (Vec::new(), Vec::new());
        for field in designs.iter().flat_map(|design| design["fields"].as_array().into_iter().flatten()) {
            columns.extend(field["options"]["fields"].as_array().into_iter().flatten());
            fields.push(field);
        }
        for member in ["required", "required_when", "visible_when", "when_hidden", "default", "compute"] {
            for (sort, all) in [("fields", &fields), ("columns", &columns)] {
                assert!(all.iter().any(|field| !field[member].is_null()), "{member} of {sort}");
            }
        }
        assert!(fields.iter().chain(&columns).any(|field| field["when_hidden"] == "recompute"));
        for (kind, options) in [
            ("number", &["min", "max", "unit", "rounding"][..]),
            ("money", &["min", "max", "currency", "currency_field"][..]),
            ("percent", &["min", "max", "unit"][..]),
            ("text", &["min_length", "max_length", "pattern", "format"][..]),
            ("date", &["min", "max", "precision"][..]),
            ("datetime", &["min", "max", "precision"][..]),
            ("select", &["allow_other"][..]),
            ("multi_select", &["min", "max", "allow_other"][..]),
            ("subform", &["min_rows", "max_rows"][..]),
            ("address", &["regions"][..]),
        ] {
            for option in options {
                let has = |field: &&&Json| field["kind"] == kind && !field["options"][*option].is_null();
                assert!(fields.iter().any(|field| has(&field)), "{option} of {kind}");
            }
        }
        let texts = columns.iter().filter(|column| column["kind"] == "text");
        assert!(texts.map(|text| &text["options"]["pattern"]).any(|pattern| !pattern.is_null()));
    }
}
