//! The evolution, which searches where nothing could be solved for.

use super::refused;
use crate::error::Result;

super::numbers! {
    /// Islands of sums and products that evolve separately and exchange individuals.
    Evolution {
        /// The number of islands: as many as small machines have processors.
        n_islands: usize = 4,
        /// Individuals on each island.
        population: usize = 80,
        /// Generations between two exchanges, in which the best of an island move to the next one.
        generations_between_exchanges: usize = 10,
        /// Formulas from the solvers that each island starts with, in addition to the front.
        n_guesses: usize = 40,
        /// Random sums that are tried for each place of the first population. Most have a pole
        /// somewhere, or the logarithm of a negative number.
        n_tries: usize = 20,
        /// Individuals in a tournament: the best one reproduces, and the worst one is replaced.
        tournament: usize = 4,
        /// The largest number of nodes of a term.
        max_term_nodes: usize = 15,
        /// The largest number of terms of a sum; so many can be solved for quickly.
        max_terms: usize = 8,
        /// Individuals whose inner numbers are fitted in each generation.
        n_tuned: usize = 4,
        /// Steps of that fit; the offspring of an individual are fitted again.
        n_steps: usize = 4,
        /// The increase of a complexity's price for each share of the population that has it, in
        /// natural logarithms of the loss. It keeps formulas of one length from taking over.
        crowding_price: f64 = 2.0,
        /// A search of directions or labels runs further rounds only while its loss is above this:
        /// with a fit as good, what is left is mostly noise. A formula that knows nothing has a loss
        /// of 1. With half of it, noisy directions take all the time that they are given; with twice as
        /// much, searches end at a mean `|cos|` of 0.9.
        poor_loss: f64 = 0.1,
        /// How terms change.
        mutation: Mutation = Mutation::DEFAULT,
    }

    /// How random terms are made. All chances lie between 0 and 1.
    Mutation {
        /// The largest number of terms in a random sum.
        max_terms: usize = 3,
        /// The largest depth of a random term, in operators.
        max_depth: usize = 3,
        /// The largest depth of a part that replaces another, in operators.
        max_depth_of_part: usize = 2,
        /// The chance that a random formula ends before the largest depth.
        leaf_chance: f64 = 0.3,
        /// The chance that it ends in a variable instead of a number.
        variable_chance: f64 = 0.85,
        /// The largest random number.
        max_number: f64 = 3.0,
        /// The highest random exponent; the lowest is 2.
        max_exponent: usize = 4,
        /// The chance that a new term of a product is a factor instead of a part of its
        /// exponential.
        factor_chance: f64 = 0.7,
        /// The chance that a part is divided by another instead of multiplied.
        division_chance: f64 = 0.5,
        /// The chance that a number that changes also changes its sign.
        sign_chance: f64 = 0.1,
    }
}

impl Mutation {
    pub(super) fn check_chances(&self) -> Result<()> {
        let chances = [
            ("leaf_chance", self.leaf_chance),
            ("variable_chance", self.variable_chance),
            ("factor_chance", self.factor_chance),
            ("division_chance", self.division_chance),
            ("sign_chance", self.sign_chance),
        ];
        if self.max_number == 0.0 {
            let name = "evolution.mutation.max_number";
            return Err(refused(name, 0, "a positive number"));
        }
        match chances.into_iter().find(|(_, chance)| *chance > 1.0) {
            None => Ok(()),
            Some((name, chance)) => {
                let name = format!("evolution.mutation.{name}");
                Err(refused(&name, chance, "between 0 and 1"))
            }
        }
    }
}
