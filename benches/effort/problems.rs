//! The problems. They are used nowhere else, so numbers chosen with them can be tested on others.

/// What is known about a formula: its directions, values or labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Given {
    Directions,
    Values,
    Labels,
}

/// A formula, the box of its points, and what is known about it there.
#[derive(Debug)]
pub struct Problem {
    pub name: &'static str,
    pub given: Given,
    pub formula: &'static str,
    /// One side of the box for each variable.
    pub sides: &'static [(f64, f64)],
    /// The noise: of the components of unit directions, of values as a share of their spread, or
    /// for labels the share of wrong ones.
    pub noise: f64,
    /// Operators in addition to + - * / sin exp.
    pub operators: &'static str,
}

impl Problem {
    pub fn n_points(&self) -> usize {
        match self.given {
            Given::Directions | Given::Values => 300,
            Given::Labels => 500,
        }
    }
}

const BOTH: (f64, f64) = (-1.5, 1.5);
const ABOVE: (f64, f64) = (0.4, 2.2);

const fn problem(
    name: &'static str,
    given: Given,
    formula: &'static str,
    sides: &'static [(f64, f64)],
) -> Problem {
    Problem {
        name,
        given,
        formula,
        sides,
        noise: 0.0,
        operators: "",
    }
}

const fn noisy(noise: f64, problem: Problem) -> Problem {
    Problem { noise, ..problem }
}

const fn with(operators: &'static str, problem: Problem) -> Problem {
    Problem {
        operators,
        ..problem
    }
}

use Given::{Directions, Labels, Values};

#[rustfmt::skip]
static ALL: [Problem; 42] = [
    problem("direction_product_and_line", Directions, "x1*x2 + 2.5*x3", &[BOTH; 3]),
    problem("direction_cubic", Directions, "x1**3 - 2*x1*x2**2", &[BOTH; 2]),
    problem("direction_sine_of_product", Directions, "sin(x1*x2) + x3", &[BOTH; 3]),
    problem("direction_exponential_of_product", Directions, "exp(x1*x2) + x3**2", &[BOTH; 3]),
    problem("direction_quotient_of_sums", Directions, "(x1 + x2**2)/(x3 + 2*x4)", &[ABOVE; 4]),
    problem("direction_two_linear_factors", Directions, "(x1 - x2)*(x3 + 2*x4)", &[BOTH; 4]),
    problem("direction_product_over_squares", Directions, "x1*x2/(x3**2 + x4**2)", &[ABOVE; 4]),
    problem("direction_sum_times_exponential", Directions, "(x1 + x2)*exp(x3 - x4**2)", &[ABOVE; 4]),
    problem("direction_fast_sine", Directions, "sin(1.7*x1) + x2**2", &[BOTH; 2]),
    problem("direction_decay", Directions, "exp(-0.6*x1) + 0.2*x2*x3", &[BOTH; 3]),
    problem("direction_long_quadratic", Directions, "x1**2 + 2*x2**2 - x3**2 + x1*x4", &[BOTH; 4]),
    problem("direction_two_differences", Directions, "(x1 - x2)**2 + (x3 - x4)**2 + 3*x5", &[BOTH; 5]),
    problem("direction_two_products", Directions, "x1*sin(x2) + x3*exp(x4)", &[BOTH; 4]),
    problem("direction_square_over_variable", Directions, "x1**2*x3/x2 + x4", &[ABOVE; 4]),
    problem("direction_three_of_five", Directions, "x1*x3 + sin(x5)", &[BOTH; 5]),
    problem("direction_pole", Directions, "x1/(x2 + 1.3) + x3", &[ABOVE; 3]),
    noisy(0.02, problem("direction_noisy_product", Directions, "x1*x2 + 2*x3", &[BOTH; 3])),
    noisy(0.02, problem("direction_noisy_exponential", Directions, "x1**2 + exp(x2)", &[BOTH; 2])),
    problem("value_line_of_product", Values, "2.3*x1*x2 - 0.7", &[BOTH; 2]),
    problem("value_square_over_sum", Values, "x1**2/(x2 + 1.2)", &[ABOVE; 2]),
    problem("value_quotient", Values, "(x1 + 3*x2)/(2 + x1**2)", &[BOTH; 2]),
    problem("value_decaying_wave", Values, "exp(-x1)*sin(3*x2)", &[BOTH; 2]),
    problem("value_wave_and_line", Values, "1.5*sin(2.2*x1) + x2", &[BOTH; 2]),
    with("sqrt", problem("value_length", Values, "sqrt(x1**2 + x2**2) + x3", &[BOTH; 3])),
    with("log", problem("value_logarithm", Values, "x3*log(x1 + 2*x2)", &[ABOVE; 3])),
    problem("value_bell", Values, "x1*exp(-0.8*x2**2)", &[BOTH; 2]),
    problem("value_two_quotients", Values, "x1/x2 + x2/x3", &[ABOVE; 3]),
    problem("value_three_over_sum", Values, "x1*x2*x3/(x4 + 1)", &[ABOVE; 4]),
    problem("value_cubic", Values, "0.5*x1**3 - x1*x2 + 2", &[BOTH; 2]),
    problem("value_exponential_and_line", Values, "exp(x1*x2) + 0.5*x3", &[BOTH; 3]),
    problem("value_wave_of_sum", Values, "sin(x1 + 2*x2)*x3", &[BOTH; 3]),
    with("tanh", problem("value_step", Values, "tanh(1.3*x1)*x2 + x1", &[BOTH; 2])),
    noisy(0.01, problem("value_noisy_square", Values, "3*x1 + x2**2", &[BOTH; 2])),
    noisy(0.01, problem("value_noisy_exponential", Values, "x1*exp(x2) + 1", &[BOTH; 2])),
    problem("label_cubic", Labels, "x1**3 - x2", &[BOTH; 2]),
    problem("label_hyperbola", Labels, "x1*x2 - 0.3", &[BOTH; 2]),
    problem("label_saddle", Labels, "x1**2 + x2*x3 - 0.5", &[BOTH; 3]),
    problem("label_exponential", Labels, "exp(x1) - 1.5*x2 - 1", &[BOTH; 2]),
    problem("label_wave", Labels, "sin(2*x1) - x2", &[BOTH; 2]),
    problem("label_bilinear", Labels, "x1 + x2 - x1*x3", &[BOTH; 3]),
    problem("label_quotient", Labels, "x1/(x2 + x3) - 0.5", &[ABOVE; 3]),
    noisy(0.02, problem("label_noisy_line", Labels, "x1 - 2*x2 + 0.3", &[BOTH; 2])),
];

/// The problems whose names begin with one of the given prefixes; all problems if there are none.
pub fn named(beginnings: &[String]) -> Result<Vec<&'static Problem>, String> {
    if let Some(unknown) = beginnings
        .iter()
        .find(|wanted| !ALL.iter().any(|p| p.name.starts_with(wanted.as_str())))
    {
        return Err(format!("--problems: no problem begins with \"{unknown}\""));
    }
    let is_wanted = |problem: &&Problem| {
        let mut wanted = beginnings.iter();
        beginnings.is_empty() || wanted.any(|w| problem.name.starts_with(w.as_str()))
    };
    Ok(ALL.iter().filter(is_wanted).collect())
}
