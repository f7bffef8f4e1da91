//! The unit of a formula, given its variables' units (dimensional analysis).

use super::exponent::Exponent;
use super::unit::Unit;
use super::{ConstantUnits, FormulaUnit, UnitPolicy, Units};
use crate::formula::{Expression, Operator};

/// What is known about the unit of a part of a formula.
///
/// There is no case in between. Every number occurs only once, so a part with a free factor can
/// have any unit, and so can its powers and products.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Dimension {
    Known(Unit),
    /// Any unit, because the part has a factor that may carry one.
    Free,
}

impl Dimension {
    fn none() -> Self {
        Self::Known(Unit::none())
    }

    pub fn fits(&self, unit: &Unit) -> bool {
        match self {
            Self::Known(own) => own == unit,
            Self::Free => true,
        }
    }

    /// What two parts have in common; summands must have something in common.
    pub fn joined(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Free, either) | (either, Self::Free) => Some(either.clone()),
            (Self::Known(own), other) => other.fits(own).then(|| self.clone()),
        }
    }

    fn times(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Known(own), Self::Known(other)) => own.times(other).map(Self::Known),
            _ => Some(Self::Free),
        }
    }

    fn to_power(&self, power: Exponent) -> Option<Self> {
        match self {
            _ if power.is_zero() => Some(Self::none()),
            Self::Known(own) => own.to_power(power).map(Self::Known),
            Self::Free => Some(Self::Free),
        }
    }

    /// The dimension of an operator's value; `None` if the dimensions of its arguments don't fit
    /// together.
    ///
    /// An unknown operator, such as a user's, is treated as a function of plain numbers.
    pub fn applied(operator: Operator, arguments: &[&Self]) -> Option<Self> {
        use Operator::{
            Abs, Add, Cube, Custom, Div, Inv, Max, Min, Mul, Neg, Pow, Powi, Sqrt, Square, Sub,
        };
        use Operator::{Acos, Asin, Atan, Cos, Cosh, Exp, Log, Sigmoid, Sin, Sinh, Tan, Tanh};
        match (operator, arguments) {
            (Add | Sub | Max | Min, [left, right]) => left.joined(right),
            (Mul, [left, right]) => left.times(right),
            (Div, [left, right]) => left.times(&right.to_power(Exponent::whole(-1))?),
            (Neg | Abs, [argument]) => Some((*argument).clone()),
            (Square, [argument]) => argument.to_power(Exponent::whole(2)),
            (Cube, [argument]) => argument.to_power(Exponent::whole(3)),
            (Inv, [argument]) => argument.to_power(Exponent::whole(-1)),
            (Sqrt, [argument]) => argument.to_power(Exponent::HALF),
            (
                Add | Sub | Max | Min | Mul | Div | Neg | Abs | Square | Cube | Inv | Sqrt | Powi
                | Pow | Sin | Cos | Tan | Tanh | Exp | Log | Sigmoid | Atan | Asin | Acos | Sinh
                | Cosh | Custom(_),
                _,
            ) => {
                let plain = Unit::none();
                let are_plain = arguments.iter().all(|argument| argument.fits(&plain));
                are_plain.then(Self::none)
            }
        }
    }
}

/// Whether a formula's numbers are final or still to be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Final,
    /// They are still to be fitted: a 1 stands for any number.
    Open,
}

/// A number this close to 1 will be written as 1, or not at all.
const NEAR_ONE: f64 = 1e-7;

/// A product as it is written. Its numbers are multiplied into one before they can carry a unit.
struct Part {
    dimension: Dimension,
    number: f64,
}

impl Part {
    fn of(dimension: Dimension) -> Self {
        Self {
            dimension,
            number: 1.0,
        }
    }
}

/// The requirements of units on formulas in certain variables.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dimensions {
    variables: Vec<Dimension>,
    /// The unit that the whole formula must have.
    target: Option<Unit>,
    constants: ConstantUnits,
    policy: UnitPolicy,
    /// Whether a number added to the whole formula is a threshold, in the formula's own unit.
    has_threshold: bool,
}

impl Dimensions {
    pub fn new(units: &Units, has_threshold: bool) -> Self {
        let variables = units.features.iter().cloned();
        Self {
            variables: variables.map(Dimension::Known).collect(),
            target: units.target.clone(),
            constants: units.constants,
            policy: units.policy,
            has_threshold,
        }
    }

    /// The same requirements for formulas in other variables, which are defined as formulas in
    /// these.
    pub fn in_variables(&self, definitions: &[Expression]) -> Self {
        let known = definitions
            .iter()
            .map(|definition| self.of(definition, Numbers::Final));
        Self {
            variables: known
                .map(|known| known.unwrap_or(Dimension::Free))
                .collect(),
            ..self.clone()
        }
    }

    pub fn excludes_inconsistent(&self) -> bool {
        self.policy == UnitPolicy::Exclude
    }

    pub fn target(&self) -> Option<&Unit> {
        self.target.as_ref()
    }

    pub fn has_plain_constants(&self) -> bool {
        self.constants == ConstantUnits::Dimensionless
    }

    /// The surcharge on a formula's complexity for its units; `None` if they exclude it.
    pub fn surcharge(dimensions: Option<&Self>, expression: &Expression) -> Option<usize> {
        match dimensions {
            Some(dimensions) if !dimensions.allows(expression) => match dimensions.policy {
                UnitPolicy::Exclude => None,
                UnitPolicy::Penalize(surcharge) => Some(surcharge),
            },
            _ => Some(0),
        }
    }

    /// Whether a whole formula has a unit, which is that of the target if there is one.
    pub fn allows(&self, expression: &Expression) -> bool {
        let fits = |own: Dimension| self.target.as_ref().is_none_or(|unit| own.fits(unit));
        self.whole(expression).is_ok_and(fits)
    }

    /// The dimension of a part whose numbers are still to be fitted; none if it can't have any.
    pub fn of_part(&self, expression: &Expression) -> Option<Dimension> {
        self.of(expression, Numbers::Open).ok()
    }

    /// The dimension of the number that stands for any number in enumerated formulas.
    pub fn of_number(&self) -> Dimension {
        self.constant(1.0, Numbers::Open).dimension
    }

    /// The unit of a formula, or the reason in words why it has none; `names` are the variables'
    /// names.
    pub fn unit_of(&self, expression: &Expression, names: &[String]) -> FormulaUnit {
        let found = match self.whole(expression) {
            Ok(found) => found,
            Err(part) => return FormulaUnit::Inconsistent(self.reason(part, names)),
        };
        match (found, &self.target) {
            (Dimension::Known(own), Some(target)) if own != *target => FormulaUnit::Inconsistent(
                format!("the formula has the unit {own}, but the target has the unit {target}"),
            ),
            (Dimension::Known(own), _) => FormulaUnit::Known(own),
            (Dimension::Free, Some(target)) => FormulaUnit::Known(target.clone()),
            (Dimension::Free, None) => FormulaUnit::Any,
        }
    }

    fn whole<'e>(&self, expression: &'e Expression) -> Result<Dimension, &'e Expression> {
        use Operator::{Add, Sub};
        match expression {
            Expression::Apply(Add | Sub, parts) if self.has_threshold => match &parts[..] {
                [Expression::Constant(_), rest] | [rest, Expression::Constant(_)] => {
                    self.whole(rest)
                }
                [left, right] => {
                    let both = self.whole(left)?.joined(&self.whole(right)?);
                    both.ok_or(expression)
                }
                _ => self.of(expression, Numbers::Final),
            },
            _ => self.of(expression, Numbers::Final),
        }
    }

    /// The dimension of a part; if it can't have one, the innermost part that is the reason.
    fn of<'e>(
        &self,
        expression: &'e Expression,
        numbers: Numbers,
    ) -> Result<Dimension, &'e Expression> {
        let part = self.part(expression, numbers)?;
        Ok(self.settled(part))
    }

    fn part<'e>(
        &self,
        expression: &'e Expression,
        numbers: Numbers,
    ) -> Result<Part, &'e Expression> {
        use Operator::{Cube, Div, Inv, Mul, Neg, Pow, Powi, Square};
        let (operator, arguments) = match expression {
            Expression::Constant(value) => return Ok(self.constant(*value, numbers)),
            Expression::Variable(index) => {
                let known = self.variables.get(*index).cloned();
                return Ok(Part::of(known.unwrap_or(Dimension::Free)));
            }
            Expression::Apply(operator, arguments) => (*operator, arguments),
        };
        let parts = arguments.iter().map(|part| self.part(part, numbers));
        let parts: Vec<Part> = parts.collect::<Result<_, _>>()?;
        let found = match (operator, &arguments[..], parts.as_slice()) {
            (Powi | Pow, [_, Expression::Constant(power)], [base, _]) => {
                let exponent = match operator {
                    Pow => Exponent::near(*power),
                    _ => Exponent::new(power.round() as i64, 1),
                };
                let dimension = exponent.and_then(|exponent| base.dimension.to_power(exponent));
                dimension.map(|dimension| Part {
                    dimension,
                    number: operator.value(base.number, *power),
                })
            }
            (Mul | Div | Neg | Inv | Square | Cube, _, [first, rest @ ..]) => {
                let dimensions: Vec<&Dimension> =
                    parts.iter().map(|part| &part.dimension).collect();
                let second = rest.first().map_or(1.0, |second| second.number);
                Dimension::applied(operator, &dimensions).map(|dimension| Part {
                    dimension,
                    number: operator.value(first.number, second),
                })
            }
            _ => {
                let settled = parts.into_iter().map(|part| self.settled(part));
                let settled: Vec<Dimension> = settled.collect();
                let applied = Dimension::applied(operator, &settled.iter().collect::<Vec<_>>());
                applied.map(Part::of)
            }
        };
        found.ok_or(expression)
    }

    /// A 0 has every unit.
    fn constant(&self, value: f64, numbers: Numbers) -> Part {
        match (self.constants, numbers) {
            _ if value == 0.0 => Part::of(Dimension::Free),
            (ConstantUnits::Dimensionless, _) => Part::of(Dimension::none()),
            (ConstantUnits::Free, Numbers::Open) => Part::of(Dimension::Free),
            (ConstantUnits::Free, Numbers::Final) => Part {
                dimension: Dimension::none(),
                number: value,
            },
        }
    }

    /// The dimension of a product whose numbers are all known. A factor of 1 can't carry a unit,
    /// because it isn't written.
    fn settled(&self, part: Part) -> Dimension {
        let is_one = (part.number.abs() - 1.0).abs() < NEAR_ONE;
        match self.constants {
            ConstantUnits::Free if !is_one => Dimension::Free,
            _ => part.dimension,
        }
    }

    fn of_arguments<'e>(
        &self,
        arguments: &'e [Expression],
        numbers: Numbers,
    ) -> Result<Vec<Dimension>, &'e Expression> {
        let arguments = arguments.iter();
        arguments.map(|part| self.of(part, numbers)).collect()
    }

    /// The reason why an operator can't be applied to arguments that each have a dimension.
    fn reason(&self, part: &Expression, names: &[String]) -> String {
        use Operator::{Add, Max, Min, Pow, Powi, Sub};
        let text = part.to_formula(names);
        let Expression::Apply(operator, arguments) = part else {
            return format!("{text} has no unit");
        };
        let known = self.of_arguments(arguments, Numbers::Final);
        let units: Vec<Unit> = known
            .unwrap_or_default()
            .into_iter()
            .map(unit_shown)
            .collect();
        let written: Vec<String> = arguments
            .iter()
            .zip(&units)
            .map(|(argument, unit)| format!("{} has the unit {unit}", argument.to_formula(names)))
            .collect();
        let wrong = units.iter().position(|unit| !unit.is_none());
        match (operator, written.as_slice(), wrong, &arguments[..]) {
            (Add | Sub | Max | Min, [left, right], ..) => format!("in {text}, {left} and {right}"),
            (Powi | Pow, .., [_, Expression::Constant(_)]) => {
                format!("in {text}, the exponents of the unit are too large")
            }
            (_, written, Some(wrong), _) if is_of_plain_numbers(*operator) => {
                format!("in {text}, {}, but must be a plain number", written[wrong])
            }
            _ => format!("in {text}, the units don't go together"),
        }
    }
}

fn unit_shown(dimension: Dimension) -> Unit {
    match dimension {
        Dimension::Known(unit) => unit,
        Dimension::Free => Unit::none(),
    }
}

/// Whether an operator takes plain numbers only.
fn is_of_plain_numbers(operator: Operator) -> bool {
    let metre = Dimension::Known(Unit::base("m"));
    let arguments = [&metre, &metre];
    Dimension::applied(operator, &arguments[..operator.arity()]).is_none()
}
