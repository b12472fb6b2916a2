//! The functions of formulas.
//!
//! A function is one entry in the file of its topic: name, types, what it does, examples. Help, completion, the
//! type check and the tests are made from the entry; its texts are `fn-NAME` (one sentence) and `fn-NAME-params`
//! (the parameters' names, parted by commas) in `engine/texts/*/functions.ftl`. Names and meanings are those of
//! spreadsheets where they have the function.

mod angle;
mod calendar;
mod chinese;
mod date;
mod distribution;
mod duration;
mod finance;
mod format;
mod identity;
mod list;
mod logic;
mod number;
mod pattern;
mod people;
mod records;
mod rows;
mod statistics;
mod text;
mod whole;
mod workday;

use super::Type;
use super::arguments::{Answer, Arguments};

pub(crate) use angle::metres_between;
pub use chinese::capital_amount;

/// One function.
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    pub topic: Topic,
    parameters: &'static [Takes],
    /// How many parameters at the end of `parameters` may be left out.
    optional: usize,
    /// How many parameters at the end may come again, together.
    repeats: usize,
    /// A last argument that is left over when the repeated ones are counted off.
    otherwise: Option<Takes>,
    pub(super) gives: Gives,
    /// Whether it is called with error values, which otherwise are its result at once.
    pub(super) sees_errors: bool,
    /// Whether its value changes with the clock or the person.
    pub(super) live: bool,
    /// Whether its value comes by chance.
    pub(super) random: bool,
    /// Whether it reads the rows around the formula, and so stands only where there are some.
    pub over_rows: bool,
    /// The place of a text of which not everything is known, and whether one is that stands in the formula itself,
    /// beside arguments of these types.
    pub(super) literal: Option<(usize, IsKnown)>,
    /// The place of a text that is one of few words, or begun by examples, and those that the help names. What each means is
    /// said by `fn-NAME-words`, parted by commas.
    words: Option<(usize, &'static [&'static str])>,
    pub(super) run: fn(&Arguments) -> Answer,
    /// Formulas over the [`sample`](super::sample) and what they give: the help's examples, and the tests. Those of a
    /// function over rows are of its last line.
    pub examples: &'static [(&'static str, &'static str)],
}

/// Whether a text that stands in a formula means something, beside arguments of these types.
type IsKnown = fn(&str, &[Type]) -> bool;

/// Where a function stands in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    Logic,
    Number,
    Statistics,
    Text,
    Date,
    List,
    Finance,
    /// What other forms hold.
    Records,
    People,
}

impl Topic {
    pub const ALL: [Topic; 9] = [
        Topic::Logic,
        Topic::Number,
        Topic::Statistics,
        Topic::Text,
        Topic::Date,
        Topic::List,
        Topic::Finance,
        Topic::Records,
        Topic::People,
    ];

    /// The Fluent key of its heading.
    pub fn text_key(self) -> &'static str {
        match self {
            Topic::Logic => "fn-topic-logic",
            Topic::Number => "fn-topic-number",
            Topic::Statistics => "fn-topic-statistics",
            Topic::Text => "fn-topic-text",
            Topic::Date => "fn-topic-date",
            Topic::List => "fn-topic-list",
            Topic::Finance => "fn-topic-finance",
            Topic::Records => "fn-topic-records",
            Topic::People => "fn-topic-people",
        }
    }
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Anything,
    /// One value, not a list.
    Single,
    /// A value that may be the result: what the formula must give is asked of it.
    Branch,
    Bool,
    Number,
    /// Text, or what can be written as text.
    Text,
    /// A date or an instant.
    Day,
    /// An instant or a time of day.
    Clock,
    /// A date, an instant or a time of day.
    Moment,
    /// A number, a date, an instant, a time or a text.
    Formattable,
    /// A number or a list of numbers.
    Numbers,
    NumberList,
    /// Numbers, dates, instants or times, single or in lists.
    Ordered,
    List,
    /// A date or a list of dates.
    DayList,
    /// A value or a list, but not a sub-form.
    Values,
    /// A text that stands in the formula itself.
    Key,
    /// The name of a form.
    Form,
    /// Which records of that form.
    Records,
    /// A field of that form.
    FieldOf,
    /// A member, a department or several of them.
    People,
}

impl Takes {
    /// The code by which texts name it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Takes::Anything | Takes::Branch => "any",
            Takes::Single => "single",
            Takes::Bool => "bool",
            Takes::Number => "number",
            Takes::Text => "text",
            Takes::Day => "date",
            Takes::Clock => "time",
            Takes::Moment => "moment",
            Takes::Formattable => "single",
            Takes::Numbers => "numbers",
            Takes::NumberList => "number_list",
            Takes::Ordered => "ordered",
            Takes::List => "list",
            Takes::DayList => "dates",
            Takes::Values => "values",
            Takes::Key => "key",
            Takes::Form => "form",
            Takes::Records => "records",
            Takes::FieldOf => "field_of",
            Takes::People => "ref",
        }
    }
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Any,
    Bool,
    Number,
    Text,
    Date,
    DateTime,
    Time,
    Ref,
    TextList,
    NumberList,
    /// What its branches give.
    Branches,
    /// What an argument gives.
    Same(usize),
    /// What is in an argument: an item of a list, or a single value itself.
    ItemOf(usize),
}

impl Function {
    const fn new(
        name: &'static str,
        topic: Topic,
        parameters: &'static [Takes],
        gives: Gives,
        run: fn(&Arguments) -> Answer,
        examples: &'static [(&'static str, &'static str)],
    ) -> Function {
        Function {
            name,
            topic,
            parameters,
            optional: 0,
            repeats: 0,
            otherwise: None,
            gives,
            sees_errors: false,
            live: false,
            random: false,
            over_rows: false,
            literal: None,
            words: None,
            run,
            examples,
        }
    }

    const fn optional(mut self, count: usize) -> Function {
        self.optional = count;
        self
    }

    const fn repeats(mut self, count: usize) -> Function {
        self.repeats = count;
        self
    }

    const fn otherwise(mut self, takes: Takes) -> Function {
        self.otherwise = Some(takes);
        self
    }

    const fn sees_errors(mut self) -> Function {
        self.sees_errors = true;
        self
    }

    const fn live(mut self) -> Function {
        self.live = true;
        self
    }

    const fn random(mut self) -> Function {
        self.random = true;
        self
    }

    const fn over_rows(mut self) -> Function {
        self.over_rows = true;
        self
    }

    const fn literal(mut self, place: usize, is_known: IsKnown) -> Function {
        self.literal = Some((place, is_known));
        self
    }

    const fn words(mut self, place: usize, words: &'static [&'static str]) -> Function {
        self.words = Some((place, words));
        self
    }

    /// The words that one of its parameters takes, with the place of that; nothing where none does.
    pub fn known_words(&self) -> Option<(usize, &'static [&'static str])> {
        self.words
    }

    /// The Fluent key of what its words mean.
    pub fn words_key(&self) -> String {
        format!("fn-{}-words", self.name)
    }

    /// The fewest arguments.
    pub fn min_arguments(&self) -> usize {
        self.parameters.len() - self.optional
    }

    /// The most arguments; `None` if there may be any number.
    pub fn max_arguments(&self) -> Option<usize> {
        (self.repeats == 0).then_some(self.parameters.len())
    }

    /// How many parameters have a name in the help.
    pub fn named_parameters(&self) -> usize {
        self.parameters.len() + usize::from(self.otherwise.is_some())
    }

    /// Whether it can be called with so many arguments.
    pub(super) fn takes_count(&self, count: usize) -> bool {
        if count < self.min_arguments() {
            return false;
        }
        if self.repeats == 0 {
            return count <= self.parameters.len();
        }
        count <= self.parameters.len()
            || self.otherwise.is_some()
            || (count - self.parameters.len()).is_multiple_of(self.repeats)
    }

    /// What the argument at `place` of `count` must be; `None` beyond the last.
    pub(super) fn takes(&self, place: usize, count: usize) -> Option<Takes> {
        let known = self.parameters.len();
        if let Some(otherwise) = self.otherwise {
            let fixed = known - self.repeats;
            let left_over = count.checked_sub(fixed).is_some_and(|rest| rest % self.repeats != 0);
            if left_over && place + 1 == count {
                return Some(otherwise);
            }
        }
        if place < known || self.repeats == 0 {
            return self.parameters.get(place).copied();
        }
        let fixed = known - self.repeats;
        self.parameters.get(fixed + (place - fixed) % self.repeats).copied()
    }

    /// The named parameter that the argument at `place` belongs to, for the help.
    pub fn parameter_at(&self, place: usize) -> usize {
        let known = self.parameters.len();
        if place < known || self.repeats == 0 {
            return place.min(known.saturating_sub(1));
        }
        let fixed = known - self.repeats;
        fixed + (place - fixed) % self.repeats
    }

    /// The Fluent key of its sentence.
    pub fn text_key(&self) -> String {
        format!("fn-{}", self.name)
    }

    /// The Fluent key of its parameters' names.
    pub fn parameters_key(&self) -> String {
        format!("fn-{}-params", self.name)
    }

    /// The code by which texts name what it gives; `any` where it depends on the arguments.
    pub fn result_code(&self) -> &'static str {
        match self.gives {
            Gives::Bool => "bool",
            Gives::Number => "number",
            Gives::Text => "text",
            Gives::Date => "date",
            Gives::DateTime => "datetime",
            Gives::Time => "time",
            Gives::Ref => "ref",
            Gives::TextList | Gives::NumberList => "list",
            Gives::Any | Gives::Branches | Gives::Same(_) | Gives::ItemOf(_) => "any",
        }
    }

    /// What it gives for arguments of these types.
    pub(super) fn result_type(&self, arguments: &[Type]) -> Type {
        let at = |place: usize| arguments.get(place).cloned().unwrap_or(Type::Any);
        match self.gives {
            Gives::Any => Type::Any,
            Gives::Bool => Type::Bool,
            Gives::Number => Type::Number,
            Gives::Text => Type::Text,
            Gives::Date => Type::Date,
            Gives::DateTime => Type::DateTime,
            Gives::Time => Type::Time,
            Gives::Ref => Type::Ref,
            Gives::TextList => Type::list(Type::Text),
            Gives::NumberList => Type::list(Type::Number),
            Gives::Branches => {
                let count = arguments.len();
                let branches = (0..count).filter(|place| self.takes(*place, count) == Some(Takes::Branch));
                branches.map(at).reduce(|all, branch| all.either(&branch)).unwrap_or(Type::Any)
            }
            Gives::Same(place) => at(place),
            Gives::ItemOf(place) => at(place).item().clone(),
        }
    }
}

/// All functions, by topic.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [
        logic::FUNCTIONS,
        number::FUNCTIONS,
        whole::FUNCTIONS,
        angle::FUNCTIONS,
        statistics::FUNCTIONS,
        distribution::FUNCTIONS,
        text::FUNCTIONS,
        date::FUNCTIONS,
        calendar::FUNCTIONS,
        workday::FUNCTIONS,
        list::FUNCTIONS,
        rows::FUNCTIONS,
        finance::FUNCTIONS,
        records::FUNCTIONS,
        identity::FUNCTIONS,
        people::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// The function of an upper-case name.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}
