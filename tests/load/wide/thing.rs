//! Things of fifty fields, made from their numbers alone.

use jiff::ToSpan;
use jiff::civil::date;
use serde_json::{Map, Value, json};

use crate::workload::{Dice, STATUSES};

/// Words of titles, with their initials and how they are spelled out.
type Word = (&'static str, &'static str, &'static str);

const CITIES: [Word; 10] = [
    ("上海", "sh", "shanghai"),
    ("北京", "bj", "beijing"),
    ("广州", "gz", "guangzhou"),
    ("深圳", "sz", "shenzhen"),
    ("杭州", "hz", "hangzhou"),
    ("南京", "nj", "nanjing"),
    ("武汉", "wh", "wuhan"),
    ("天津", "tj", "tianjin"),
    ("青岛", "qd", "qingdao"),
    ("苏州", "sz", "suzhou"),
];
const NAMES: [Word; 8] = [
    ("东风", "df", "dongfeng"),
    ("金星", "jx", "jinxing"),
    ("天马", "tm", "tianma"),
    ("红旗", "hq", "hongqi"),
    ("明珠", "mz", "mingzhu"),
    ("新城", "xc", "xincheng"),
    ("飞鱼", "fy", "feiyu"),
    ("永安", "ya", "yongan"),
];
const GOODS: [Word; 8] = [
    ("电机", "dj", "dianji"),
    ("电缆", "dl", "dianlan"),
    ("水泵", "sb", "shuibeng"),
    ("轴承", "zc", "zhoucheng"),
    ("钢材", "gc", "gangcai"),
    ("化工", "hg", "huagong"),
    ("食品", "sp", "shipin"),
    ("木板", "mb", "muban"),
];
const WORDS: [&str; 8] = ["harbour", "copper", "流程", "valve", "订单", "panel", "express", "仓库"];
const DAYS: u64 = 1000;
const AISLES: u64 = 5000;

/// The columns whose number is in their name: so many texts, amounts, days, choices, switches.
const TEXTS: usize = 14;
const AMOUNTS: usize = 12;
const DATES: usize = 6;
const CHOICES: usize = 5;
const SWITCHES: usize = 5;

/// What a column holds, and how it is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// With two digits after the point; kept as it is and in cents.
    Amount,
    Count,
    Date,
    Choice,
    Switch,
}

/// All fifty, in their order.
pub fn columns() -> Vec<(String, Kind)> {
    let named = [
        ("name", Kind::Text),
        ("code", Kind::Text),
        ("place", Kind::Text),
        ("status", Kind::Choice),
        ("day", Kind::Date),
        ("amount", Kind::Amount),
        ("quantity", Kind::Count),
        ("paid", Kind::Switch),
    ];
    let numbered = [
        ("t", TEXTS, Kind::Text),
        ("n", AMOUNTS, Kind::Amount),
        ("d", DATES, Kind::Date),
        ("s", CHOICES, Kind::Choice),
        ("b", SWITCHES, Kind::Switch),
    ];
    let named = named.into_iter().map(|(name, kind)| (name.to_owned(), kind));
    let numbered = numbered
        .into_iter()
        .flat_map(|(letter, count, kind)| (0..count).map(move |number| (format!("{letter}{number}"), kind)));
    named.chain(numbered).collect()
}

/// The fields of the form.
pub fn fields() -> Vec<Value> {
    let choices: Vec<Value> = STATUSES.iter().map(|key| json!({"key": key, "label": key})).collect();
    let fields = columns().into_iter().map(|(key, kind)| {
        let (kind, options) = match kind {
            Kind::Text => ("text", json!({})),
            Kind::Amount => ("number", json!({"scale": 2})),
            Kind::Count => ("number", json!({"scale": 0})),
            Kind::Date => ("date", json!({})),
            Kind::Choice => ("select", json!({ "choices": choices })),
            Kind::Switch => ("switch", json!({})),
        };
        json!({"key": key, "label": key, "kind": kind, "options": options})
    });
    fields.collect()
}

/// What is looked for by; the rest of its fields follows from its number.
pub struct Thing {
    number: u64,
    words: [Word; 3],
    pub code: String,
    pub place: String,
    pub status: &'static str,
    /// `2024-02-29`
    pub day: String,
    pub cents: i64,
}

impl Thing {
    /// Thing number so and so, counted from 1.
    pub fn new(number: u64) -> Thing {
        let mut dice = Dice::new(number);
        let mut word = |of: &[Word]| of[dice.below(of.len() as u64) as usize];
        let words = [word(&CITIES), word(&NAMES), word(&GOODS)];
        Thing {
            number,
            words,
            code: format!("T-{number:08}"),
            place: format!("Aisle {:04}", number % AISLES),
            status: dice.pick(&STATUSES),
            day: some_day(&mut dice),
            cents: 100 + dice.below(999_900) as i64,
        }
    }

    /// How its title begins.
    pub fn called(&self) -> String {
        self.words.map(|word| word.0).concat()
    }

    /// The title after its first word.
    pub fn inside(&self) -> String {
        self.words[1..].iter().map(|word| word.0).collect()
    }

    pub fn initials(&self) -> String {
        self.words.map(|word| word.1).concat()
    }

    pub fn spelled(&self) -> String {
        self.words.map(|word| word.2).concat()
    }

    /// Every value, in the order of [`columns`]; of an amount its cents.
    pub fn values(&self) -> Vec<Value> {
        let mut dice = Dice::new(self.number ^ (1 << 40));
        let mut values = vec![
            json!(format!("{} {}", self.called(), self.number)),
            json!(self.code),
            json!(self.place),
            json!(self.status),
            json!(self.day),
            json!(self.cents),
            json!(1 + dice.below(500)),
            json!(dice.below(10) < 6),
        ];
        values.extend((0..TEXTS).map(|_| {
            let number = dice.below(1_000_000);
            json!(format!("{} {} {number}", dice.pick(&WORDS), dice.pick(&WORDS)))
        }));
        values.extend((0..AMOUNTS).map(|_| json!(dice.below(100_000_000))));
        values.extend((0..DATES).map(|_| json!(some_day(&mut dice))));
        values.extend((0..CHOICES).map(|_| json!(dice.pick(&STATUSES))));
        values.extend((0..SWITCHES).map(|_| json!(dice.below(2) == 0)));
        values
    }

    /// Its fields, as they are sent.
    pub fn fields(&self) -> Map<String, Value> {
        let pairs = columns().into_iter().zip(self.values());
        pairs
            .map(|((key, kind), value)| (key, if kind == Kind::Amount { amount(&value) } else { value }))
            .collect()
    }
}

/// `1234.56`, of cents.
pub fn amount(cents: &Value) -> Value {
    let cents = cents.as_u64().unwrap();
    json!(format!("{}.{:02}", cents / 100, cents % 100))
}

fn some_day(dice: &mut Dice) -> String {
    date(2023, 1, 1).checked_add((dice.below(DAYS) as i64).days()).unwrap().to_string()
}
