//! The counts that a test program prints at its end.

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

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.left_out += other.left_out;
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
}
