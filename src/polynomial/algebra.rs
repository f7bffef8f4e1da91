//! Polynomials in several variables, and operations on them.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A polynomial in several variables, of any order. Only monomials with a coefficient are stored.
///
/// The label of a monomial lists its variables, counted from 1 and in ascending order, as in Morala
/// et al. (2021): `[1, 1, 2]` is `x1^2 x2`, and `[]` is the constant. Terms are sorted by their
/// order, and then lexicographically.
///
/// The sum or product of polynomials in different numbers of variables has the larger number.
///
/// ```
/// use closedform::Polynomial;
///
/// let polynomial = Polynomial::from_terms(2, vec![(vec![1, 1, 2], 3.0), (vec![2], -1.0)])?;
/// assert_eq!(polynomial.to_string(), "-x2 + 3 x1^2 x2");
/// assert_eq!(polynomial.order(), 3);
/// assert_eq!(polynomial.values(&[2.0, 1.0, 0.0, 4.0])?, [11.0, -4.0]);
/// let square = &polynomial * &polynomial;
/// assert_eq!(square.coefficient(&[1, 1, 2, 2]), -6.0);
/// assert_eq!(polynomial.derivative(1)?.to_string(), "6 x1 x2");
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Polynomial {
    n_variables: usize,
    /// None is 0.
    terms: BTreeMap<Label, f64>,
}

/// A monomial's variables, counted from 1, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Label(Vec<usize>);

impl Ord for Label {
    fn cmp(&self, other: &Self) -> Ordering {
        let orders = self.0.len().cmp(&other.0.len());
        orders.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Label {
    fn product(&self, other: &Self) -> Self {
        let mut variables = [self.0.as_slice(), other.0.as_slice()].concat();
        variables.sort_unstable();
        Self(variables)
    }
}

/// A polynomial in the form that files have.
#[derive(Serialize, Deserialize)]
struct Terms {
    n_variables: usize,
    labels: Vec<Vec<usize>>,
    values: Vec<f64>,
}

impl From<Polynomial> for Terms {
    fn from(polynomial: Polynomial) -> Self {
        let terms = polynomial.terms.into_iter();
        let (labels, values) = terms.map(|(label, value)| (label.0, value)).unzip();
        Self {
            n_variables: polynomial.n_variables,
            labels,
            values,
        }
    }
}

impl TryFrom<Terms> for Polynomial {
    type Error = Error;

    fn try_from(terms: Terms) -> Result<Self> {
        let (n_labels, n_values) = (terms.labels.len(), terms.values.len());
        if n_labels != n_values {
            return Err(Error::Shape(format!(
                "a polynomial has {n_labels} labels, but {n_values} values"
            )));
        }
        Self::from_terms(
            terms.n_variables,
            terms.labels.into_iter().zip(terms.values).collect(),
        )
    }
}

impl Polynomial {
    /// The sum of `coefficient * monomial`, with each monomial given by its label. The variables in
    /// a label may be in any order, and the coefficients of equal monomials are added.
    ///
    /// # Errors
    /// If there are no variables, if a variable is outside 1 to `n_variables`, or if a coefficient
    /// isn't finite.
    pub fn from_terms(n_variables: usize, terms: Vec<(Vec<usize>, f64)>) -> Result<Self> {
        if n_variables == 0 {
            return Err(Error::parameter("n_variables", 0, "at least 1"));
        }
        let mut polynomial = Self::zero(n_variables);
        for (mut label, coefficient) in terms {
            if let Some(variable) = label.iter().find(|v| !(1..=n_variables).contains(v)) {
                return Err(Error::Column(format!(
                    "the label {label:?} names variable {variable}, but the variables are 1 to \
                     {n_variables}"
                )));
            }
            if !coefficient.is_finite() {
                let place = format!("the coefficient of {label:?}");
                return Err(Error::not_finite(place, coefficient));
            }
            label.sort_unstable();
            polynomial.add_term(Label(label), coefficient);
        }
        Ok(polynomial)
    }

    pub(super) fn zero(n_variables: usize) -> Self {
        Self {
            n_variables,
            terms: BTreeMap::new(),
        }
    }

    pub(super) fn constant(n_variables: usize, value: f64) -> Self {
        let mut constant = Self::zero(n_variables);
        constant.add_term(Label(Vec::new()), value);
        constant
    }

    /// From labels that are already in order.
    pub(super) fn from_ordered<'a>(
        n_variables: usize,
        terms: impl Iterator<Item = (&'a [usize], f64)>,
    ) -> Self {
        let kept = terms.filter(|(_, coefficient)| *coefficient != 0.0);
        Self {
            n_variables,
            terms: kept.map(|(label, c)| (Label(label.to_vec()), c)).collect(),
        }
    }

    fn add_term(&mut self, label: Label, coefficient: f64) {
        use std::collections::btree_map::Entry;
        match self.terms.entry(label) {
            Entry::Occupied(mut known) => {
                *known.get_mut() += coefficient;
                if *known.get() == 0.0 {
                    known.remove();
                }
            }
            Entry::Vacant(vacant) if coefficient != 0.0 => {
                vacant.insert(coefficient);
            }
            Entry::Vacant(_) => {}
        }
    }

    /// The number of variables, whether or not each of them occurs in a term.
    pub fn n_variables(&self) -> usize {
        self.n_variables
    }

    /// The number of terms.
    pub fn n_terms(&self) -> usize {
        self.terms.len()
    }

    /// The highest order of a term; 0 if there are no terms.
    pub fn order(&self) -> usize {
        let last = self.terms.last_key_value();
        last.map_or(0, |(label, _)| label.0.len())
    }

    /// The terms: a label and its coefficient, sorted by order and then lexicographically.
    pub fn terms(&self) -> impl Iterator<Item = (&[usize], f64)> {
        let terms = self.terms.iter();
        terms.map(|(label, coefficient)| (label.0.as_slice(), *coefficient))
    }

    pub(super) fn terms_with_slices(&self) -> impl Iterator<Item = (&[usize], &[f64])> {
        let terms = self.terms.iter();
        terms.map(|(label, coefficient)| (label.0.as_slice(), std::slice::from_ref(coefficient)))
    }

    /// The coefficient of the monomial with this label, 0 if there is no such term.
    pub fn coefficient(&self, label: &[usize]) -> f64 {
        let mut label = label.to_vec();
        label.sort_unstable();
        self.terms.get(&Label(label)).copied().unwrap_or(0.0)
    }

    /// Every coefficient times a number.
    pub fn scaled(&self, factor: f64) -> Self {
        Self::from_ordered(
            self.n_variables,
            self.terms().map(|(label, c)| (label, c * factor)),
        )
    }

    /// The terms up to an order.
    pub fn truncated(&self, max_order: usize) -> Self {
        Self::from_ordered(
            self.n_variables,
            self.terms()
                .take_while(|(label, _)| label.len() <= max_order),
        )
    }

    /// Every coefficient rounded to `n_digits` significant digits, 1 to 17, for reading.
    pub fn rounded(&self, n_digits: usize) -> Self {
        let n_digits = n_digits.clamp(1, 17);
        let round = |value: f64| {
            format!("{value:.*e}", n_digits - 1)
                .parse()
                .unwrap_or(value)
        };
        Self::from_ordered(
            self.n_variables,
            self.terms().map(|(label, c)| (label, round(c))),
        )
    }

    /// The product, without its terms above an order.
    pub fn product(&self, other: &Self, max_order: usize) -> Self {
        let mut product = Self::zero(self.n_variables.max(other.n_variables));
        for (label, coefficient) in &self.terms {
            let room = max_order.checked_sub(label.0.len());
            let fits =
                |(factor, _): &(&Label, &f64)| room.is_some_and(|room| factor.0.len() <= room);
            for (factor, other) in other.terms.iter().take_while(fits) {
                product.add_term(label.product(factor), coefficient * other);
            }
        }
        product
    }

    /// The partial derivative with respect to a variable, counted from 1 as in labels.
    ///
    /// # Errors
    /// If the polynomial doesn't have this variable.
    pub fn derivative(&self, variable: usize) -> Result<Self> {
        if !(1..=self.n_variables).contains(&variable) {
            let allowed = format!("between 1 and {}", self.n_variables);
            return Err(Error::parameter("variable", variable, allowed));
        }
        let mut derivative = Self::zero(self.n_variables);
        for (label, coefficient) in &self.terms {
            let power = label.0.iter().filter(|v| **v == variable).count();
            if let Some(place) = label.0.iter().position(|v| *v == variable) {
                let mut left = label.0.clone();
                left.remove(place);
                derivative.add_term(Label(left), coefficient * power as f64);
            }
        }
        Ok(derivative)
    }

    /// The polynomial with its variables replaced by other polynomials, without the terms above an
    /// order.
    ///
    /// ```
    /// use closedform::Polynomial;
    ///
    /// let square = Polynomial::from_terms(1, vec![(vec![1, 1], 1.0)])?;
    /// let sum = Polynomial::from_terms(2, vec![(vec![1], 1.0), (vec![2], 1.0)])?;
    /// assert_eq!(square.substituted(&[sum], 2)?.to_string(), "x1^2 + 2 x1 x2 + x2^2");
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there are not as many polynomials as variables.
    pub fn substituted(&self, inner: &[Self], max_order: usize) -> Result<Self> {
        if inner.len() != self.n_variables {
            return Err(Error::Shape(format!(
                "there are {} polynomials for {} variables; one for each is needed",
                inner.len(),
                self.n_variables
            )));
        }
        let n_variables = inner.iter().map(|p| p.n_variables).max().unwrap_or(1);
        // The products of a term's first factors: neighbouring terms share most of them.
        let mut products = vec![Self::constant(n_variables, 1.0)];
        let mut known: &[usize] = &[];
        let mut sum = Self::zero(n_variables);
        for (label, coefficient) in self.terms() {
            let common = known.iter().zip(label).take_while(|(a, b)| a == b).count();
            products.truncate(common + 1);
            for depth in common..label.len() {
                products.push(products[depth].product(&inner[label[depth] - 1], max_order));
            }
            known = label;
            sum = &sum + &products[label.len()].scaled(coefficient);
        }
        Ok(sum)
    }
}

impl std::ops::Add for &Polynomial {
    type Output = Polynomial;

    fn add(self, other: Self) -> Polynomial {
        let mut sum = self.clone();
        sum.n_variables = sum.n_variables.max(other.n_variables);
        for (label, coefficient) in &other.terms {
            sum.add_term(label.clone(), *coefficient);
        }
        sum
    }
}

impl std::ops::Neg for &Polynomial {
    type Output = Polynomial;

    fn neg(self) -> Polynomial {
        self.scaled(-1.0)
    }
}

impl std::ops::Sub for &Polynomial {
    type Output = Polynomial;

    fn sub(self, other: Self) -> Polynomial {
        self + &-other
    }
}

impl std::ops::Mul for &Polynomial {
    type Output = Polynomial;

    fn mul(self, other: Self) -> Polynomial {
        self.product(other, usize::MAX)
    }
}
