//! What a test program prints at its end: the tests that failed, with what they said, and the counts.

/// How many tests passed, failed, and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub left_out: usize,
}

impl Counts {
    /// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`; another line has no counts.
    pub fn in_line(line: &str) -> Option<Self> {
        let (_, results) = line.split_once("test result: ")?.1.split_once(". ")?;
        let mut counts = Self::default();
        for part in results.split(';') {
            let mut words = part.split_whitespace();
            let (Some(number), Some(name)) = (words.next().and_then(|word| word.parse().ok()), words.next())
            else {
                continue;
            };
            match name {
                "passed" => counts.passed = number,
                "failed" => counts.failed = number,
                "ignored" => counts.left_out = number,
                _ => {}
            }
        }
        Some(counts)
    }

    /// So many of those that passed did not do what they are for.
    pub fn lack(&mut self, lacking: usize) {
        self.passed = self.passed.saturating_sub(lacking);
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.left_out += other.left_out;
    }
}

/// What a line says of one test, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// It ran to its end, well or not.
    Ran(&'a str),
    /// It is marked `#[ignore]` and did not run.
    LeftOut(&'a str),
}

impl<'a> Told<'a> {
    /// Reads `test a::b ... ok`; another line tells of no test.
    pub fn in_line(line: &'a str) -> Option<Self> {
        let (name, end) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
        let name = name.trim_end_matches(" - should panic");
        match end.split(',').next()?.trim_end() {
            "ok" | "FAILED" => Some(Self::Ran(name)),
            "ignored" => Some(Self::LeftOut(name)),
            _ => None,
        }
    }
}

/// A test that ended well and says that this machine has not what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    pub test: String,
    pub why: String,
}

impl Lacking {
    /// Reads the list that tests write: a line each, with a tab between the two.
    pub fn in_list(list: &str) -> Vec<Self> {
        let lines = list.lines().filter_map(|line| line.split_once('\t'));
        lines.map(|(test, why)| Self { test: test.to_owned(), why: why.to_owned() }).collect()
    }
}

/// How many lines of what a failed test said are repeated: the place and the message, not the whole of a log.
const SAID: usize = 8;

/// What a test at random prints to be run again as it was; told however long the message before it is.
const SEED: &str = "FORMWORK_SEED=";

/// Collects the failed tests of test programs from the lines that they print.
#[derive(Debug, Default)]
pub struct Failures {
    failed: Vec<String>,
    /// How many lines of the test at hand are still taken.
    open: usize,
}

impl Failures {
    /// Looks at one more line.
    pub fn read(&mut self, line: &str) {
        let name = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----"));
        if let Some(name) = name {
            self.failed.push(name.to_owned());
            self.open = SAID;
        } else if line == "failures:" || line.starts_with("test result: ") {
            self.open = 0;
        } else if (self.open > 0 && !line.trim().is_empty()) || line.contains(SEED) {
            self.open = self.open.saturating_sub(1);
            if let Some(test) = self.failed.last_mut() {
                test.push_str("\n    ");
                test.push_str(line);
            }
        }
    }

    /// Each failed test with what it said first.
    pub fn into_list(self) -> Vec<String> {
        self.failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_closing_line_alone() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.25s";
        assert_eq!(Counts::in_line(line), Some(Counts { passed: 12, failed: 3, left_out: 1 }));
        assert_eq!(Counts::in_line("running 12 tests"), None);
    }

    #[test]
    fn a_test_that_was_left_out_did_not_run() {
        assert_eq!(Told::in_line("test a::b ... ok"), Some(Told::Ran("a::b")));
        assert_eq!(Told::in_line("test a::c - should panic ... FAILED"), Some(Told::Ran("a::c")));
        assert_eq!(Told::in_line("test a::b ... ignored"), Some(Told::LeftOut("a::b")));
        assert_eq!(Told::in_line("test a::b ... ignored, takes an hour"), Some(Told::LeftOut("a::b")));
        assert_eq!(Told::in_line("test result: ok. 12 passed; 0 failed"), None);
    }

    #[test]
    fn a_test_that_lacks_something_did_not_pass() {
        let list = "hardening::limits::c24_x\tno network of its own\nhalf a li";
        let lacking = Lacking::in_list(list);
        let wanted = Lacking { test: "hardening::limits::c24_x".into(), why: "no network of its own".into() };
        assert_eq!(lacking, [wanted]);
        let mut counts = Counts { passed: 12, failed: 3, left_out: 1 };
        counts.lack(lacking.len());
        assert_eq!(counts, Counts { passed: 11, failed: 3, left_out: 1 });
    }

    #[test]
    fn a_failed_test_is_named_with_what_it_said() {
        let mut failures = Failures::default();
        let said = "...F.\nfailures:\n\n---- a::b stdout ----\n\nthread 'a::b' panicked at a.rs:1:2:\nnot so\n\n---- c stdout ----\nno\n\nfailures:\n    a::b\n    c\n\ntest result: FAILED. 3 passed; 2 failed\n    later";
        said.lines().for_each(|line| failures.read(line));
        let list = ["a::b\n    thread 'a::b' panicked at a.rs:1:2:\n    not so", "c\n    no"];
        assert_eq!(failures.into_list(), list);
    }
}
