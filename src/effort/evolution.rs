//! What is bred where nothing could be solved for.

use super::refused;
use crate::error::Result;

super::numbers! {
    /// Islands of sums and products that breed by themselves and visit each other.
    Evolution {
        /// Islands: as many as small machines have processors.
        n_islands: usize = 4,
        /// Individuals of each island.
        population: usize = 80,
        /// Generations until the records of an island visit the next one.
        generations_between_exchanges: usize = 10,
        /// Formulas that were solved for and that each island starts from, beside the front.
        n_guesses: usize = 40,
        /// Random sums tried for each place of the first population: most fail at a pole or a
        /// logarithm below zero somewhere.
        n_tries: usize = 20,
        /// Individuals of which the best one breeds, and the worst one makes room.
        tournament: usize = 4,
        /// The nodes of a term at most.
        max_term_nodes: usize = 15,
        /// The terms of a sum at most: as many as are solved for quickly.
        max_terms: usize = 8,
        /// Individuals whose inner numbers are fitted in each generation,
        n_tuned: usize = 4,
        /// and the steps of that fit: what is bred on is fitted again.
        n_steps: usize = 4,
        /// How much a complexity is dearer for each share of the population that has it, as a
        /// natural logarithm of the loss: it keeps a crowd of one length from taking over.
        crowding_price: f64 = 2.0,
        /// How terms change.
        mutation: Mutation = Mutation::DEFAULT,
    }

    /// How random terms look. Chances lie between 0 and 1.
    Mutation {
        /// Terms of a random sum at most.
        max_terms: usize = 3,
        /// Operators above each other in a random term at most,
        max_depth: usize = 3,
        /// and in a part that replaces another.
        max_depth_of_part: usize = 2,
        /// The chance that a random formula ends before its greatest depth.
        leaf_chance: f64 = 0.3,
        /// The chance that it ends in a variable, not in a number.
        variable_chance: f64 = 0.85,
        /// The largest random number.
        max_number: f64 = 3.0,
        /// The highest random exponent; the lowest is 2.
        max_exponent: usize = 4,
        /// The chance that a new term of a product is a factor, not a part of its exponential.
        factor_chance: f64 = 0.7,
        /// The chance that a part is divided by another, not multiplied.
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
