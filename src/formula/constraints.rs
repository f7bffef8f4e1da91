//! Constraints on the form of formulas, other than their complexity.

use super::Expression;
use super::Operator;
use crate::error::{Error, Result};
use std::collections::BTreeSet;

/// Constraints on the form of formulas; by default there are none.
///
/// ```
/// use closedform::{Expression, Operator};
/// use closedform::formula::{Constraints, Nesting};
///
/// let constraints = Constraints {
///     nesting: vec![Nesting { outer: Operator::Sin, inner: Operator::Sin, max: 0 }],
///     ..Constraints::default()
/// };
/// let allows = |text: &str| constraints.allows(&Expression::parse(text, &[]).unwrap());
/// assert!(allows("sin(x1) + sin(x2)"));
/// assert!(!allows("sin(x1 + sin(x2))"));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Constraints {
    /// The largest depth: operators on the longest path from the whole formula to a variable or
    /// constant.
    pub max_depth: Option<usize>,
    /// The largest number of summands; a formula that isn't a sum has one.
    pub max_terms: Option<usize>,
    /// How often operators may be nested inside others.
    pub nesting: Vec<Nesting>,
    /// Which variables may occur inside operators.
    pub inside: Vec<Inside>,
    /// The parts that the formula must be composed of.
    pub template: Option<Template>,
}

/// At most `max` operators `inner` on any path down from an operator `outer`, not counting itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nesting {
    /// The outer operator.
    pub outer: Operator,
    /// The inner operator.
    pub inner: Operator,
    /// The largest number of inner operators on a path; 0 forbids them.
    pub max: usize,
}

/// The only variables, counted from 0, that may occur inside an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// The outer operator.
    pub operator: Operator,
    /// The variables.
    pub variables: Vec<usize>,
}

/// A sum or product of parts, each a formula in some of the variables: `f(x1, x2) + g(x3)`.
///
/// Every part has at least one summand (or factor), and every summand belongs to one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    is_product: bool,
    parts: Vec<BTreeSet<usize>>,
}

impl Constraints {
    /// Whether a whole formula satisfies all constraints.
    pub fn allows(&self, expression: &Expression) -> bool {
        let is_short = |max: usize| pieces(expression, false).len() <= max;
        let fits = |template: &Template| template.fits(expression);
        self.allows_part(expression)
            && self.max_terms.is_none_or(is_short)
            && self.template.as_ref().is_none_or(fits)
    }

    /// Whether a formula may occur inside a larger one.
    pub(crate) fn allows_part(&self, expression: &Expression) -> bool {
        self.max_depth.is_none_or(|max| depth(expression) <= max)
            && self
                .nesting
                .iter()
                .all(|nesting| nesting.allows(expression))
            && self
                .inside
                .iter()
                .all(|inside| inside.allows(expression, false))
    }

    /// Whether a formula may be a summand of the whole one.
    pub(crate) fn allows_term(&self, expression: &Expression) -> bool {
        self.allows_piece(expression, false)
    }

    /// Whether a formula may be a factor of the whole one.
    pub(crate) fn allows_factor(&self, expression: &Expression) -> bool {
        self.allows_piece(expression, true)
    }

    /// A template doesn't constrain pieces of the other kind.
    fn allows_piece(&self, expression: &Expression, is_factor: bool) -> bool {
        let admits =
            |template: &Template| template.is_product != is_factor || template.admits(expression);
        self.allows_part(expression) && self.template.as_ref().is_none_or(admits)
    }

    /// The constraints that don't mention particular variables, for formulas in other variables.
    pub(crate) fn in_other_variables(&self) -> Self {
        Self {
            inside: Vec::new(),
            template: None,
            ..self.clone()
        }
    }

    pub(crate) fn check(&self, n_features: usize) -> Result<()> {
        for (name, limit) in [("max_depth", self.max_depth), ("max_terms", self.max_terms)] {
            if limit == Some(0) {
                return Err(Error::parameter(name, 0, "at least 1"));
            }
        }
        let parts = self.template.iter().flat_map(|template| &template.parts);
        let named = self.inside.iter().flat_map(|inside| &inside.variables);
        match parts
            .flatten()
            .chain(named)
            .find(|&&index| index >= n_features)
        {
            Some(index) => Err(Error::parameter(
                "a variable of the constraints",
                index + 1,
                format!("one of the {n_features} features"),
            )),
            None => Ok(()),
        }
    }
}

impl Nesting {
    /// Reads `OUTER:INNER=MAX`, as in `sin:sin=0`.
    ///
    /// # Errors
    /// An unknown operator, or text of another form.
    pub fn parse(text: &str) -> Result<Self> {
        let read = || {
            let (pair, max) = text.split_once('=')?;
            let (outer, inner) = pair.split_once(':')?;
            Some(Self {
                outer: Operator::named(outer.trim())?,
                inner: Operator::named(inner.trim())?,
                max: max.trim().parse().ok()?,
            })
        };
        read().ok_or_else(|| {
            Error::parameter(
                "nesting",
                format!("\"{text}\""),
                "OUTER:INNER=NUMBER with operators' names, as in sin:sin=0",
            )
        })
    }

    fn allows(&self, expression: &Expression) -> bool {
        let Expression::Apply(operator, arguments) = expression else {
            return true;
        };
        let is_full =
            *operator == self.outer && arguments.iter().any(|part| self.most(part) > self.max);
        !is_full && arguments.iter().all(|part| self.allows(part))
    }

    /// The largest number of inner operators on a path.
    fn most(&self, expression: &Expression) -> usize {
        let Expression::Apply(operator, arguments) = expression else {
            return 0;
        };
        let below = arguments.iter().map(|part| self.most(part)).max();
        below.unwrap_or(0) + usize::from(*operator == self.inner)
    }
}

impl Inside {
    /// Reads `OPERATOR:FEATURES`, as in `exp:x1,x2`.
    ///
    /// # Errors
    /// An unknown operator, an unknown feature, or text of another form.
    pub fn parse(text: &str, feature_names: &[String]) -> Result<Self> {
        let refuse = |allowed: String| Error::parameter("inside", format!("\"{text}\""), allowed);
        let form = || refuse("OPERATOR:FEATURES, as in exp:x1,x2".into());
        let (name, list) = text.split_once(':').ok_or_else(form)?;
        let variables = list
            .split(',')
            .map(|variable| place(variable, feature_names));
        let variables: Option<Vec<usize>> = variables.collect();
        Ok(Self {
            operator: Operator::named(name.trim()).ok_or_else(form)?,
            variables: variables.ok_or_else(|| {
                refuse(format!(
                    "in features of the data: {}",
                    feature_names.join(", ")
                ))
            })?,
        })
    }

    fn allows(&self, expression: &Expression, is_inside: bool) -> bool {
        match expression {
            Expression::Constant(_) => true,
            Expression::Variable(index) => !is_inside || self.variables.contains(index),
            Expression::Apply(operator, arguments) => arguments
                .iter()
                .all(|part| self.allows(part, is_inside || *operator == self.operator)),
        }
    }
}

/// The index of the feature with a name.
fn place(name: &str, feature_names: &[String]) -> Option<usize> {
    feature_names.iter().position(|known| known == name.trim())
}

impl Template {
    /// A sum of parts. Each is given by the variables that it may contain, counted from 0.
    pub fn sum(parts: &[&[usize]]) -> Self {
        Self {
            is_product: false,
            parts: parts
                .iter()
                .map(|part| part.iter().copied().collect())
                .collect(),
        }
    }

    /// A product of parts, given in the same way.
    pub fn product(parts: &[&[usize]]) -> Self {
        Self {
            is_product: true,
            ..Self::sum(parts)
        }
    }

    /// Reads `f(x1, x2) + g(x3)` or `f(x1)*g(x2, x3)`; the names of the parts have no meaning.
    ///
    /// # Errors
    /// Text of another form, or an unknown feature.
    pub fn parse(text: &str, feature_names: &[String]) -> Result<Self> {
        let refuse = |allowed: String| Error::parameter("template", format!("\"{text}\""), allowed);
        let is_product = text.contains('*');
        let parts = text.split(if is_product { '*' } else { '+' });
        let parts = parts.map(|part| {
            let inside = part
                .trim()
                .strip_suffix(')')
                .and_then(|part| part.split_once('('));
            let (name, variables) = inside
                .filter(|(name, _)| name.trim().chars().all(char::is_alphanumeric))
                .ok_or_else(|| refuse("of the form f(x1, x2) + g(x3) or f(x1)*g(x2)".into()))?;
            let variables = variables.split(',').map(|variable| {
                place(variable, feature_names).ok_or_else(|| {
                    refuse(format!(
                        "{name} in features of the data: {}",
                        feature_names.join(", ")
                    ))
                })
            });
            variables.collect::<Result<BTreeSet<usize>>>()
        });
        Ok(Self {
            is_product,
            parts: parts.collect::<Result<_>>()?,
        })
    }

    /// Whether one summand or factor may belong to one of the parts.
    fn admits(&self, piece: &Expression) -> bool {
        let variables = piece.variables();
        self.parts.iter().any(|part| variables.is_subset(part))
    }

    /// Whether the pieces can be distributed so that none is left over and no part is empty.
    fn fits(&self, expression: &Expression) -> bool {
        let pieces: Vec<BTreeSet<usize>> = pieces(expression, self.is_product)
            .iter()
            .map(Expression::variables)
            .filter(|variables| !variables.is_empty())
            .collect();
        let may_hold = |part: usize, piece: usize| pieces[piece].is_subset(&self.parts[part]);
        let has_place = |piece| (0..self.parts.len()).any(|part| may_hold(part, piece));
        (0..pieces.len()).all(has_place) && fills(self.parts.len(), pieces.len(), &may_hold)
    }
}

/// Whether every part can get its own piece (augmenting paths in the bipartite graph).
fn fills(n_parts: usize, n_pieces: usize, may_hold: &dyn Fn(usize, usize) -> bool) -> bool {
    fn place(
        part: usize,
        holder: &mut [Option<usize>],
        seen: &mut [bool],
        may_hold: &dyn Fn(usize, usize) -> bool,
    ) -> bool {
        for piece in 0..holder.len() {
            if seen[piece] || !may_hold(part, piece) {
                continue;
            }
            seen[piece] = true;
            if holder[piece].is_none_or(|other| place(other, holder, seen, may_hold)) {
                holder[piece] = Some(part);
                return true;
            }
        }
        false
    }
    let mut holder = vec![None; n_pieces];
    (0..n_parts).all(|part| place(part, &mut holder, &mut vec![false; n_pieces], may_hold))
}

/// The summands of a formula, or its factors and divisors.
fn pieces(expression: &Expression, is_product: bool) -> Vec<Expression> {
    if !is_product {
        let mut parts = Vec::new();
        expression.collect_parts(1.0, &mut parts);
        return parts.into_iter().map(|(_, term)| term).collect();
    }
    match expression {
        Expression::Apply(Operator::Mul | Operator::Div, sides) => {
            sides.iter().flat_map(|side| pieces(side, true)).collect()
        }
        Expression::Apply(Operator::Neg | Operator::Inv, inner) => pieces(&inner[0], true),
        // A power of a product is a product of powers.
        Expression::Apply(Operator::Pow, inner) if inner[1].n_variables() == 0 => {
            pieces(&inner[0], true)
        }
        _ => vec![expression.clone()],
    }
}

fn depth(expression: &Expression) -> usize {
    match expression {
        Expression::Apply(_, arguments) => 1 + arguments.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Expression {
        Expression::parse(text, &[]).unwrap()
    }

    fn allows(constraints: &Constraints, text: &str) -> bool {
        constraints.allows(&read(text))
    }

    fn with_template(text: &str) -> Constraints {
        let names: Vec<String> = (1..=4).map(|index| format!("x{index}")).collect();
        Constraints {
            template: Some(Template::parse(text, &names).unwrap()),
            ..Constraints::default()
        }
    }

    #[test]
    fn depth_counts_operators_on_the_longest_way_down() {
        let flat = Constraints {
            max_depth: Some(2),
            ..Constraints::default()
        };
        assert!(allows(&flat, "sin(x1*x2)"));
        assert!(!allows(&flat, "sin(x1*x2 + x3)"));
    }

    #[test]
    fn nesting_counts_along_each_way_down_only() {
        let once = Constraints {
            nesting: vec![Nesting::parse("exp:sin=1").unwrap()],
            ..Constraints::default()
        };
        assert!(allows(&once, "exp(sin(x1) + sin(x2))"));
        assert!(!allows(&once, "x2*exp(x1 + sin(x2*sin(x1)))"));
        assert!(Nesting::parse("exp:besselj=1").is_err());
    }

    #[test]
    fn an_operator_holds_its_own_variables_only() {
        let own = Constraints {
            inside: vec![Inside::parse("exp:a", &["a".to_string()]).unwrap()],
            ..Constraints::default()
        };
        assert!(allows(&own, "x2*exp(x1)"));
        assert!(!allows(&own, "exp(x1*sin(x2))"));
        assert!(own.check(1).is_ok());
        assert!(own.check(0).is_err());
    }

    #[test]
    fn a_sum_has_its_summands_in_the_parts_of_the_template() {
        let sum = with_template("f(x1, x2) + g(x3)");
        assert!(allows(&sum, "x1*x2 - 2*sin(x1) + x3**2 + 5"));
        assert!(!allows(&sum, "x1*x3 + x2 + x3"), "x1*x3 is in no part");
        assert!(!allows(&sum, "x1 + x2"), "nothing for g");
        let two = Constraints {
            max_terms: Some(2),
            ..with_template("f(x1, x2) + g(x1, x2, x3)")
        };
        assert!(allows(&two, "x1*x3 + x2"));
        assert!(!allows(&two, "x1*x3 + x3"), "no term in x1 and x2 only");
        assert!(!allows(&two, "x1*x3 + x2 + x1"), "three terms");
    }

    #[test]
    fn a_product_has_its_factors_in_the_parts_of_the_template() {
        let product = with_template("f(x1) * g(x2, x3)");
        assert!(allows(&product, "x1*sin(x2*x3)/exp(x1)"));
        assert!(allows(&product, "(x1/x2)**0.3"));
        assert!(!allows(&product, "x1 + x2"));
        let names = ["a".to_string()];
        for text in ["f(b)", "a", "f(a", "f(a) + 2"] {
            assert!(Template::parse(text, &names).is_err(), "{text}");
        }
    }
}
