//! The form that is measured with: customers, and orders of twelve fields, made from their number alone, so that every
//! system and every run is asked the same.

use jiff::ToSpan;
use jiff::civil::date;

pub const STATUSES: [&str; 5] = ["draft", "paid", "shipped", "completed", "cancelled"];
pub const TAGS: [&str; 6] = ["urgent", "gift", "fragile", "export", "vip", "repeat"];
pub const CUSTOMERS: u64 = 1000;
/// Rows of one bulk request.
pub const BATCH: u64 = 1000;
/// Records of one page.
pub const PAGE: u64 = 50;
/// Columns of a csv file, as it is imported.
pub const CSV_COLUMNS: [&str; 9] =
    ["serial_no", "title", "amount", "quantity", "order_date", "status", "paid", "phone", "note"];
const DAYS: u64 = 1000;
const WORDS: [&str; 24] = [
    "express", "pallet", "invoice", "north", "harbour", "copper", "valve", "gasket", "bearing", "steel",
    "panel", "filter", "pump", "motor", "cable", "relay", "sensor", "switch", "frame", "bracket", "hinge",
    "washer", "bolt", "nut",
];

/// One order.
pub struct Order {
    pub serial_no: String,
    pub title: String,
    pub cents: i64,
    pub quantity: i64,
    /// `2024-02-29`
    pub date: String,
    pub status: &'static str,
    pub tags: Vec<&'static str>,
    pub paid: bool,
    /// Counted from 1.
    pub customer: u64,
    pub phone: String,
    pub note: String,
}

impl Order {
    /// Order number so and so, counted from 1.
    pub fn new(number: u64) -> Order {
        let mut dice = Dice::new(number);
        let day = date(2023, 1, 1).checked_add((dice.below(DAYS) as i64).days()).unwrap();
        let title = format!("{} {} {number}", dice.pick(&WORDS), dice.pick(&WORDS));
        let (cents, quantity) = (100 + dice.below(999_900) as i64, 1 + dice.below(500) as i64);
        let status = dice.pick(&STATUSES);
        let mut tags: Vec<&str> = (0..dice.below(4)).map(|_| dice.pick(&TAGS)).collect();
        tags.sort_unstable();
        tags.dedup();
        let paid = dice.below(10) < 6;
        let customer = 1 + dice.below(CUSTOMERS);
        let phone = format!("1{}", 3_000_000_000 + dice.below(7_000_000_000));
        let note: Vec<&str> = (0..4 + dice.below(17)).map(|_| dice.pick(&WORDS)).collect();
        Order {
            serial_no: format!("SO-{number:08}"),
            title,
            cents,
            quantity,
            date: day.to_string(),
            status,
            tags,
            paid,
            customer,
            phone,
            note: note.join(" "),
        }
    }

    /// `1234.56`
    pub fn amount(&self) -> String {
        format!("{}.{:02}", self.cents / 100, self.cents % 100)
    }

    /// The cells of a csv file, in the order of [`CSV_COLUMNS`].
    pub fn cells(&self) -> [String; 9] {
        [
            self.serial_no.clone(),
            self.title.clone(),
            self.amount(),
            self.quantity.to_string(),
            self.date.clone(),
            self.status.to_string(),
            self.paid.to_string(),
            self.phone.clone(),
            self.note.clone(),
        ]
    }
}

pub fn orders(numbers: std::ops::Range<u64>) -> Vec<Order> {
    numbers.map(Order::new).collect()
}

/// A csv file of orders with its header.
pub fn csv(numbers: std::ops::Range<u64>) -> String {
    let mut lines = vec![CSV_COLUMNS.join(",")];
    // No cell holds a comma, a quote or a line break.
    lines.extend(numbers.map(|number| Order::new(number).cells().join(",")));
    lines.join("\n") + "\n"
}

pub fn customer(number: u64) -> String {
    format!("Customer {number:04}")
}

/// Orders by date, the newest first; with both conditions or neither.
#[derive(Clone, Copy)]
pub struct List {
    pub offset: u64,
    /// The status, and the least amount in cents.
    pub filter: Option<(&'static str, i64)>,
}

/// First pages with a different pair of conditions each, of 2 to 20 % of the orders.
pub fn filtered_lists() -> Vec<List> {
    let filter = |at: usize| (STATUSES[at % STATUSES.len()], 100_000 * at as i64);
    (0..10).map(|at| List { offset: 0, filter: Some(filter(at)) }).collect()
}

/// Pages around four fifths of the way down.
pub fn deep_lists(orders: u64) -> Vec<List> {
    (0..10).map(|at| List { offset: orders * 4 / 5 + at * PAGE, filter: None }).collect()
}

/// Numbers of orders that are read and changed, spread over all of them.
pub fn samples(orders: u64) -> Vec<u64> {
    let mut dice = Dice::new(orders);
    (0..500).map(|_| 1 + dice.below(orders)).collect()
}

/// What the orders add up to by status, in cents.
pub fn sums(orders: u64) -> Vec<(&'static str, i64)> {
    let mut sums: Vec<(&'static str, i64)> = STATUSES.iter().map(|status| (*status, 0)).collect();
    for order in (1..=orders).map(Order::new) {
        let sum = sums.iter_mut().find(|(status, _)| *status == order.status).unwrap();
        sum.1 += order.cents;
    }
    sums.sort_unstable();
    sums
}

/// How many orders each of these lists has.
pub fn matching(lists: &[List], orders: u64) -> Vec<u64> {
    let mut counts = vec![0; lists.len()];
    for order in (1..=orders).map(Order::new) {
        for (list, count) in lists.iter().zip(&mut counts) {
            let fits =
                list.filter.is_none_or(|(status, cents)| order.status == status && order.cents >= cents);
            *count += u64::from(fits);
        }
    }
    counts
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    pub fn pick(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len() as u64) as usize]
    }
}
