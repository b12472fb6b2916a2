//! What a picker over a million records finds of what somebody types, and in which time.

use std::sync::Arc;

use crate::answers::asked_until_answered;
use crate::client::{Load, Request};
use crate::figures::{Figure, Limit, Unit};
use crate::formwork::escaped;
use crate::{Options, median, say};

use super::Wide;
use super::thing::Thing;

/// How long a picker may take to show its choices.
const MOST_MS: f64 = 100.0;
/// Choices of one answer, where there are so many.
const CHOICES: usize = 20;
/// From so many records on there are as many choices of everything that is looked for.
const ENOUGH: u64 = 100_000;
/// Different things that are typed.
const TYPED: u64 = 40;

/// A way to look for a record.
struct Way {
    name: &'static str,
    /// What is typed to find this one among others.
    typed: fn(&Thing) -> String,
    /// Whether there is something to be found.
    is_found: bool,
}

const WAYS: [Way; 7] = [
    Way { name: "picker, by how a title begins, p95", typed: Thing::called, is_found: true },
    Way { name: "picker, by pinyin initials, p95", typed: Thing::initials, is_found: true },
    Way { name: "picker, spelled out in pinyin, p95", typed: Thing::spelled, is_found: true },
    Way { name: "picker, by what stands inside a title, p95", typed: Thing::inside, is_found: true },
    Way { name: "picker, by shown columns, p95", typed: shown, is_found: true },
    Way { name: "picker, nothing typed, p95", typed: |_| String::new(), is_found: true },
    Way { name: "picker, nothing to be found, p95", typed: nobody, is_found: false },
];

/// A code without its last digits, or a place.
fn shown(thing: &Thing) -> String {
    if thing.cents % 2 == 0 { thing.code[..thing.code.len() - 2].to_owned() } else { thing.place.clone() }
}

fn nobody(thing: &Thing) -> String {
    format!("仓 {} qx", thing.cents)
}

pub async fn pickers(wide: &mut Wide, options: &Options) -> Vec<Figure> {
    let mut figures = Vec::new();
    for way in WAYS.iter().filter(|way| way.name.contains(&options.only)) {
        say(way.name);
        let requests = requests(wide, way, options.rows()).await;
        let mut took = Vec::new();
        for load in 0..=options.repeats {
            let Load { p95_ms, failed, .. } = wide.asked(&requests, options.time()).await;
            assert_eq!(failed, 0, "answers that were no success");
            // The first one warms up.
            if load > 0 {
                took.push(p95_ms);
            }
        }
        let figure = Figure {
            formwork: Some(median(took)),
            limit: Limit::At(MOST_MS),
            ..Figure::new(way.name, Unit::Ms)
        };
        say(&figure.line());
        figures.push(figure);
    }
    figures
}

/// What is asked, after it was seen that it finds what it should.
async fn requests(wide: &mut Wide, way: &Way, rows: u64) -> Arc<Vec<Request>> {
    // Spread over all of them, the hundred that share a code's beginning never beyond the last.
    let numbers = (1..=TYPED).map(|at| (rows * at / (TYPED + 1)).max(1));
    let mut requests = Vec::new();
    for typed in numbers.map(|number| (way.typed)(&Thing::new(number))) {
        let path = format!("/forms/{}/fields/thing/options?q={}", wide.orders, escaped(&typed));
        let request = wide.formwork.request("GET", &path, None);
        let answer = asked_until_answered(&mut wide.connection, &request).await.json();
        let found = answer["items"].as_array().unwrap().len();
        let wanted = if way.is_found { found > 0 && (found == CHOICES || rows < ENOUGH) } else { found == 0 };
        assert!(wanted, "{}: {found} for {typed}", way.name);
        requests.push(request);
    }
    Arc::new(requests)
}
