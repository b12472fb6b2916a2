//! The same question, asked again before the last answer is there.

/// Which answers are still news: they may come in another order than they were asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turns {
    asked: u32,
    taken: u32,
}

impl Turns {
    /// The number of the question that is asked now.
    pub(super) fn ask(&mut self) -> u32 {
        self.asked += 1;
        self.asked
    }

    /// Whether its answer is newer than those that were taken. It is taken then.
    pub(super) fn take(&mut self, turn: u32) -> bool {
        let is_news = turn > self.taken;
        self.taken = self.taken.max(turn);
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_after_a_later_one_is_no_news() {
        let mut turns = Turns::default();
        let (first, second, third) = (turns.ask(), turns.ask(), turns.ask());
        assert!(turns.take(second));
        assert!(!turns.take(first));
        assert!(turns.take(third) && !turns.take(third));
    }
}
