//! What a row of the table says of a kind.

use serde_json::{Value, json};
use tests::design::Field;

use super::values::Find;

/// A kind with what its story is told with.
pub struct Row {
    pub kind: &'static str,
    /// Of a field as it should be; `null` for none.
    pub options: Value,
    /// Options that are refused: the place in them, with `/`, and the code.
    pub bad: Vec<(Value, &'static str, &'static str)>,
    pub content: Content,
}

pub enum Content {
    /// One value or several, which are entered.
    Values(Box<Values>),
    /// What is computed, given by the server, or rows.
    Alone(Box<Alone>),
    /// Nothing: a part of the layout, or a list that is read when it is shown.
    Nothing,
}

/// The values of a kind.
pub struct Values {
    /// Two, in their order.
    pub samples: [Sample; 2],
    /// What a record without a value has.
    pub empty: Value,
    /// What people type or paste for one of the samples.
    pub typed: Vec<(Value, usize)>,
    /// What is refused, with the code.
    pub refused: Vec<(Value, &'static str)>,
    /// The names in ascending and in descending order; nothing for a kind that is not sorted.
    pub sorted: Option<[&'static str; 2]>,
    /// Every operator of the kind, with what it finds.
    pub finds: Vec<Find>,
    /// What records are grouped by, with their number; each sample and nothing for one record each without it.
    pub groups: Option<Vec<(Value, usize)>>,
    /// Cells of a file for one of the samples; none for a kind that no file brings.
    pub cells: Vec<(String, usize)>,
    pub from: Option<Before>,
}

/// A value as it is sent, as it is answered, and as people read it.
pub struct Sample {
    pub entered: Value,
    pub kept: Value,
    pub label: String,
}

/// Values of another kind, and what becomes of them.
pub struct Before {
    pub kind: &'static str,
    pub values: Vec<(Value, Value)>,
}

/// A kind that nobody enters a single value of.
pub struct Alone {
    /// Further fields of the form.
    pub others: Vec<Field>,
    /// The fields of a record.
    pub enter: Value,
    /// What the field `x` then is, without the ids of rows.
    pub reads: Value,
    pub refused: Vec<(Value, &'static str)>,
    pub asked: Asked,
}

/// What is asked of records with such a kind, which are called `0`, `1` and `n` as those of others are.
pub struct Asked {
    /// The fields of each; `$0` and `$1` stand for the ids of those before.
    pub enter: Vec<Value>,
    /// What `x` is in each.
    pub kept: Vec<Value>,
    /// The names in ascending and in descending order; nothing for a kind that is neither sorted nor grouped.
    pub sorted: Option<[&'static str; 2]>,
    pub finds: Vec<Find>,
    /// What an import may bring for it, which is then read again.
    pub imports: Option<&'static str>,
    /// Whether its values stay when the field is made a long text.
    pub stays: bool,
}

impl Asked {
    /// Records with these fields, which have two values in their order, and nothing.
    pub fn new(enter: [Value; 3], kept: [&str; 2], finds: Vec<Find>) -> Asked {
        Asked {
            enter: enter.into(),
            kept: kept.into_iter().map(Value::from).chain([Value::Null]).collect(),
            sorted: Some(["01n", "10n"]),
            finds,
            imports: None,
            stays: false,
        }
    }

    /// The kind is stored, and goes on as text.
    pub fn staying(self) -> Asked {
        Asked { stays: true, ..self }
    }
}

impl Values {
    /// Two values that are sent as they are answered.
    pub fn new(first: Value, second: Value, labels: [&str; 2], finds: Vec<Find>) -> Values {
        let [one, other] = labels;
        let sample =
            |kept: Value, label: &str| Sample { entered: kept.clone(), kept, label: label.to_string() };
        Values {
            samples: [sample(first, one), sample(second, other)],
            empty: Value::Null,
            typed: Vec::new(),
            refused: Vec::new(),
            sorted: Some(["01n", "10n"]),
            finds,
            groups: None,
            cells: Vec::new(),
            from: None,
        }
    }

    /// Two texts, which are their own labels.
    pub fn of_texts(first: &str, second: &str, finds: Vec<Find>) -> Values {
        Values::new(json!(first), json!(second), [first, second], finds)
    }

    /// The first sample is sent in another way than it is answered.
    pub fn entered(mut self, entered: Value) -> Values {
        self.samples[0].entered = entered;
        self
    }

    pub fn typed<const N: usize>(mut self, typed: [(Value, usize); N]) -> Values {
        self.typed = typed.into();
        self
    }

    pub fn refused<const N: usize>(mut self, refused: [(Value, &'static str); N]) -> Values {
        self.refused = refused.into();
        self
    }

    pub fn unsorted(self) -> Values {
        Values { sorted: None, ..self }
    }

    pub fn in_cells<const N: usize>(mut self, cells: [(&str, usize); N]) -> Values {
        self.cells = cells.into_iter().map(|(cell, number)| (cell.to_string(), number)).collect();
        self
    }

    /// Texts that become values: `null` for those that are lost.
    pub fn from<const N: usize>(mut self, kind: &'static str, values: [(&str, Value); N]) -> Values {
        let values = values.into_iter().map(|(text, value)| (json!(text), value)).collect();
        self.from = Some(Before { kind, values });
        self
    }

    /// What records are grouped by, with how many there are of each; what has no value last.
    pub fn groups(&self) -> Vec<(Value, usize)> {
        let each = || {
            let kept = self.samples.iter().map(|sample| (sample.kept.clone(), 1));
            kept.chain([(self.empty.clone(), 1)]).collect()
        };
        self.groups.clone().unwrap_or_else(each)
    }

    /// As a row of the table.
    pub fn of(self, kind: &'static str, options: Value) -> Row {
        Row { kind, options, bad: Vec::new(), content: Content::Values(Box::new(self)) }
    }
}

impl Row {
    pub fn alone(kind: &'static str, options: Value, alone: Alone) -> Row {
        Row { kind, options, bad: Vec::new(), content: Content::Alone(Box::new(alone)) }
    }

    pub fn laid_out(kind: &'static str, options: Value) -> Row {
        Row { kind, options, bad: Vec::new(), content: Content::Nothing }
    }

    pub fn bad<const N: usize>(mut self, bad: [(Value, &'static str, &'static str); N]) -> Row {
        self.bad = bad.into();
        self
    }
}
