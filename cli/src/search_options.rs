//! The arguments that set up a search.

use crate::parse::parse_seconds;
use clap::Args;
use closedform::formula::{
    Complexity, ConstantUnits, Constraints, Inside, Nesting, Template, Unit, UnitPolicy, Units,
};
use closedform::search::Choose;
use closedform::{Expression, Operator, Result, SearchOptions};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Args)]
pub struct SearchOptionArguments {
    /// The operators that formulas may use, separated by commas: + - * / neg square cube powi pow
    /// sqrt inv sin cos tan tanh exp log abs sigmoid atan asin acos sinh cosh max min; + and * are
    /// always needed.
    ///
    /// Fewer operators are searched faster. With pow, exponents are fitted, as in 3.4*m**0.75. With
    /// max and min, a formula can change at a threshold, as max(x1, 1.4)*x2 does.
    #[arg(
        long,
        value_name = "LIST",
        default_value = "+,-,*,/,sin,exp",
        allow_hyphen_values = true,
        value_parser = parse_operators
    )]
    operators: Operators,
    /// The highest complexity of a formula: 1 per variable and binary operator, 3 per constant, 5
    /// per function.
    ///
    /// By default 30; for values 30 and 6 for each feature, but at least 42 and at most 150.
    #[arg(long, value_name = "N", value_parser = parse_max_complexity)]
    max_complexity: Option<usize>,
    /// The formula of the front to choose, where rows can be held out.
    #[arg(long, value_name = "AIM", default_value = "balanced")]
    choose: Aim,
    /// The seed that fixes every random choice.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub seed: u64,
    /// The longest time that the search may take; what it has found by then is kept.
    #[arg(
        long,
        value_name = "SECONDS",
        allow_negative_numbers = true,
        value_parser = parse_seconds
    )]
    time_limit: Option<Duration>,
    /// Print one JSON object and nothing else.
    #[arg(long)]
    pub json: bool,

    /// Complexities to use instead of the defaults, such as sin=2,constant=1.
    #[arg(long, value_name = "LIST", help_heading = SHAPE, value_parser = Complexity::parse)]
    complexity: Option<Complexity>,
    /// How deep operators may be nested inside one another.
    #[arg(long, value_name = "N", help_heading = SHAPE)]
    max_depth: Option<usize>,
    /// How many summands a formula may have.
    #[arg(long, value_name = "N", help_heading = SHAPE)]
    max_terms: Option<usize>,
    /// How often an operator may occur inside another: sin:sin=0 forbids a sine within a sine.
    #[arg(long, value_name = "OUTER:INNER=N", help_heading = SHAPE, value_parser = Nesting::parse)]
    nesting: Vec<Nesting>,
    /// The only features that may occur inside an operator: exp:x1,x2.
    #[arg(long, value_name = "OPERATOR:LIST", help_heading = SHAPE)]
    inside: Vec<String>,
    /// The form of the formula, such as 'f(x1, x2) + g(x3)' or 'f(x1)*g(x2)'.
    #[arg(long, value_name = "TEMPLATE", help_heading = SHAPE)]
    template: Option<String>,
    /// A formula to start from; its constants are fitted.
    #[arg(long, value_name = "FORMULA", help_heading = SHAPE, allow_hyphen_values = true)]
    guess: Vec<String>,

    /// The features' units, in their order ('m, m/s^2, kg, 1') or by name ('x=m, a=m/s^2'); 1
    /// stands for a plain number. Formulas whose units don't agree are left out, and the front
    /// shows the unit of each formula. A word that isn't an SI unit, such as people, is a unit of
    /// its own. By default, the units that stand below the header of the table, if there are some;
    /// none leaves them out.
    #[arg(long, value_name = "LIST", help_heading = UNITS)]
    units: Option<String>,
    /// The target's unit, only for values (--loss squared or absolute).
    #[arg(long, value_name = "UNIT", help_heading = UNITS, requires = "units", value_parser = Unit::parse)]
    target_unit: Option<Unit>,
    /// Take the numbers in formulas to be without units. Otherwise each of them, except 1 and -1,
    /// may carry any unit, like the 9.81 in m*9.81*h.
    #[arg(long, help_heading = UNITS, requires = "units")]
    dimensionless_constants: bool,
    /// What to do with formulas whose units don't agree: exclude, or penalize=N to add N to their
    /// complexity (10 if N is left out).
    #[arg(long, value_name = "POLICY", help_heading = UNITS, requires = "units", default_value = "exclude", value_parser = UnitPolicy::parse)]
    inconsistent: UnitPolicy,

    /// How many generations the evolution runs for [default: 40; with --time-limit rounds of 40 until
    /// the time is over, for directions and labels only while the loss is above 0.1].
    #[arg(long, value_name = "N", help_heading = LENGTH)]
    generations: Option<usize>,
    /// The most sums that the evolution may fit.
    #[arg(long, value_name = "N", help_heading = LENGTH)]
    max_evaluations: Option<u64>,
    /// End as soon as a formula reaches this loss.
    #[arg(long, value_name = "LOSS", help_heading = LENGTH, default_value_t = 0.0, allow_negative_numbers = true)]
    target_loss: f64,
    /// Keep the state of the search in this file, from the first generation on. If the file exists,
    /// the search continues from it.
    #[arg(long, value_name = "FILE", help_heading = LENGTH)]
    checkpoint: Option<PathBuf>,
    /// Also search with this many other seeds, and say how many of them choose the same formula.
    #[arg(long, value_name = "N", help_heading = LENGTH, default_value_t = 0)]
    confirm: u64,
}

const SHAPE: &str = "What formulas look like";
const UNITS: &str = "Units";
const LENGTH: &str = "How long the search runs";

impl SearchOptionArguments {
    /// The options for data with these features. Formulas and templates use their names; `known`
    /// are the units that come with the data.
    pub fn to_options(
        &self,
        feature_names: &[String],
        known: Option<&Units>,
    ) -> Result<SearchOptions> {
        let guesses = self
            .guess
            .iter()
            .map(|guess| Expression::parse(guess, feature_names));
        let inside = self
            .inside
            .iter()
            .map(|text| Inside::parse(text, feature_names));
        let template = self.template.as_ref();
        let template = template.map(|text| Template::parse(text, feature_names));
        let units = match self.units.as_deref() {
            None => known.cloned(),
            Some("none") => None,
            Some(text) => Some(Units {
                target: self.target_unit.clone(),
                ..Units::new(Units::parse_list(text, feature_names)?)
            }),
        };
        let units = units.map(|units| Units {
            constants: if self.dimensionless_constants {
                ConstantUnits::Dimensionless
            } else {
                ConstantUnits::Free
            },
            policy: self.inconsistent,
            ..units
        });
        Ok(SearchOptions {
            operators: self.operators.0.clone(),
            max_complexity: self.max_complexity,
            choose: self.choose.into(),
            complexity: self.complexity.clone().unwrap_or_default(),
            constraints: Constraints {
                max_depth: self.max_depth,
                max_terms: self.max_terms,
                nesting: self.nesting.clone(),
                inside: inside.collect::<Result<_>>()?,
                template: template.transpose()?,
            },
            units,
            guesses: guesses.collect::<Result<_>>()?,
            max_evaluations: self.max_evaluations,
            target_loss: self.target_loss,
            checkpoint: self.checkpoint.clone(),
            n_confirmations: self.confirm,
            seed: self.seed,
            ..SearchOptions::default()
        }
        .with_length(self.generations, self.time_limit))
    }
}

/// [`Choose`], for clap.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Aim {
    /// The least loss on held-out rows.
    Accuracy,
    /// The simplest formula within one standard error of the least loss, and from 150 rows on within
    /// 0.01 of its R^2.
    Balanced,
    /// The shortest description of formula and data.
    Simple,
}

impl From<Aim> for Choose {
    fn from(aim: Aim) -> Self {
        match aim {
            Aim::Accuracy => Self::Accuracy,
            Aim::Balanced => Self::Balanced,
            Aim::Simple => Self::Simple,
        }
    }
}

/// One value for clap, which would read a plain `Vec` as a repeated argument.
#[derive(Clone)]
struct Operators(Vec<Operator>);

fn parse_operators(list: &str) -> Result<Operators, String> {
    Operator::parse_list(list)
        .map(Operators)
        .map_err(|error| error.to_string())
}

fn parse_max_complexity(text: &str) -> Result<usize, String> {
    let number = text
        .parse::<usize>()
        .ok()
        .filter(|number| (1..=200).contains(number));
    number.ok_or_else(|| "a whole number from 1 to 200 is needed".to_string())
}
