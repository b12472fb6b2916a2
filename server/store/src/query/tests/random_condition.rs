//! Random conditions on orders: every operator of every kind, on paths of every sort.

use engine::field::Reference;
use serde_json::{Value as Json, json};

use super::world::{
    AREAS, CLOCKS, DAYS, Dice, FINE, INSTANTS, NUMBERS, PLACES, SITES, STARS, STATUS, TAGS, TEXTS, WHOLE,
    World,
};

impl World {
    /// A random condition, at most so deep.
    pub(super) fn condition(&self, dice: &mut Dice, depth: usize) -> Json {
        match dice.roll(if depth == 0 { 1 } else { 5 }) {
            1 => json!({"not": self.condition(dice, depth - 1)}),
            2 => json!({"all": self.conditions(dice, depth)}),
            3 => json!({"any": self.conditions(dice, depth)}),
            _ => self.test(dice),
        }
    }

    fn conditions(&self, dice: &mut Dice, depth: usize) -> Vec<Json> {
        (0..dice.roll(4)).map(|_| self.condition(dice, depth - 1)).collect()
    }

    fn test(&self, dice: &mut Dice) -> Json {
        let field = *dice.pick(&[
            "title",
            "note",
            "amount",
            "qty",
            "fine",
            "day",
            "at",
            "paid",
            "status",
            "tags",
            "clock",
            "stars",
            "area",
            "story",
            "place",
            "site",
            "doc",
            "who",
            "team",
            "dept",
            "dept",
            "units",
            "partners",
            "photos",
            "signed",
            "customer",
            "customer.name",
            "customer.score",
            "customer.vip",
            "customer.tier",
            "customer.labels",
            "customer.parent.name",
            "customer.parent.labels",
            "customer.$id",
            "lines",
            "lines.item",
            "lines.n",
            "lines.on",
            "lines.marks",
            "lines.crew",
            "lines.unit",
            "lines.from",
            "lines.from.name",
            "lines.from.labels",
            "lines.from.vip",
            "$owner",
            "$collaborators",
            "$department",
            "$flow_state",
            "$id",
            "$created_at",
            "$version",
        ]);
        let kind = self.form().find(field, &self.forms).unwrap().1;
        let op = *dice.pick(kind.operators());
        let mut test = json!({"field": field, "op": op});
        if field.starts_with("lines.") {
            test["match"] = json!(dice.pick(&["any", "all"]));
        }
        if op.is_unary() {
            return test;
        }
        let is_of_departments = kind.reference() == Some(Reference::Department);
        test["value"] = if op.name() == "within" && is_of_departments {
            match dice.roll(4) {
                0 => json!({"var": "my_departments"}),
                1 => (0..dice.roll(3)).map(|_| self.literal(dice, field)).collect(),
                _ => self.literal(dice, field),
            }
        } else if op.name() == "within" && field == "area" {
            self.literal(dice, field)
        } else if op.name() == "within" {
            relative(dice)
        } else if op.takes_list() {
            match (op.name(), dice.roll(6)) {
                ("between" | "in" | "not_in", 0) if matches!(field, "day" | "at") => relative(dice),
                ("between", _) => json!([self.literal(dice, field), self.literal(dice, field)]),
                (_, 0) if ["who", "team", "units", "$owner", "$collaborators"].contains(&field) => {
                    json!({"var": dice.pick(&["my_departments", "my_own_departments", "my_subordinates"])})
                }
                _ => (0..dice.roll(3)).map(|_| self.literal(dice, field)).collect(),
            }
        } else {
            let searches = ["contains", "not_contains", "starts_with", "ends_with"].contains(&op.name());
            self.operand(dice, field, searches)
        };
        test
    }

    fn operand(&self, dice: &mut Dice, field: &str, searches: bool) -> Json {
        let other = match field {
            "title" => Some(*dice.pick(&["name", "note", "customer.name"])),
            "note" => Some("title"),
            "amount" => Some(*dice.pick(&["limit", "fine", "qty", "customer.score"])),
            "fine" => Some(*dice.pick(&["amount", "qty"])),
            "day" => Some("due"),
            "customer" => Some("customer.parent"),
            "dept" => Some("$department"),
            _ => None,
        };
        match (dice.roll(4), field) {
            (0, _) if other.is_some() => json!({"field": other}),
            (0, "day") | (1, "day" | "at") => relative(dice),
            (2, "day") => json!({"var": "today"}),
            (2, "at") => json!({"var": "now"}),
            (0, "who" | "$owner") => json!({"var": "me"}),
            (0, "amount" | "qty" | "fine") => json!({"param": "least"}),
            (1, "amount" | "qty" | "fine") => json!({"param": "nothing"}),
            _ if searches => {
                json!(dice.pick(&["a", "%", "_", "\\", "ss", "甲", "B", "ａ%b", "甲乙", "省", "strong", "/"]))
            }
            _ => self.literal(dice, field),
        }
    }

    fn literal(&self, dice: &mut Dice, field: &str) -> Json {
        let name = field.rsplit('.').next().unwrap();
        match name {
            "title" | "name" | "note" | "item" => json!(dice.pick(TEXTS)),
            "amount" | "score" => json!(dice.pick(NUMBERS)),
            "qty" | "n" | "$version" => json!(dice.pick(WHOLE)),
            "fine" => json!(dice.pick(FINE)),
            "day" => json!(dice.pick(DAYS)),
            "at" | "$created_at" => json!(dice.pick(INSTANTS)),
            "paid" | "vip" | "on" => json!(dice.roll(2) == 0),
            "status" | "tier" => json!(dice.pick(STATUS)),
            "tags" | "labels" | "marks" => json!(dice.pick(TAGS)),
            "clock" => json!(dice.pick(CLOCKS)),
            "stars" => json!(dice.pick(STARS)),
            "area" => json!(dice.pick(AREAS)),
            "place" => json!(dice.pick(PLACES)),
            "site" => json!(dice.pick(SITES)),
            "$flow_state" => json!(dice.pick(&["running", "approved", "rejected"])),
            "who" | "team" | "crew" | "$owner" | "$collaborators" => {
                json!(dice.pick(&self.people).to_string())
            }
            "dept" | "units" | "unit" | "$department" => json!(dice.pick(&self.departments).to_string()),
            "$id" if field == "$id" => json!(dice.pick(&self.orders).id.to_string()),
            _ => json!(dice.pick(&self.customers).id.to_string()),
        }
    }
}

fn relative(dice: &mut Dice) -> Json {
    match dice.roll(5) {
        0 => json!({"relative": "last_n_days", "n": 2}),
        1 => json!({"relative": "next_n_days", "n": 2}),
        2 => json!({"relative": "today"}),
        3 => json!({"relative": "this_month"}),
        _ => json!({"relative": "previous_year"}),
    }
}
