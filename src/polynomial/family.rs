//! Polynomials that share their monomials, like those of a layer of neurons.

use super::Polynomial;
use super::evaluation::evaluate;
use crate::error::{Error, Result};
use serde::{Serialize, Serializer, ser::SerializeSeq};

/// Several polynomials in the same variables. Each has a coefficient for every monomial up to an
/// order.
///
/// The JSON form is `{"labels": [[], [1], ..., [1, 1, 2], ...], "values": [[...], ...]}`, where
/// `values` has the coefficients of all polynomials for every label. Labels are those of
/// [`Polynomial`], sorted by order and then lexicographically.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolynomialFamily {
    #[serde(skip)]
    n_variables: usize,
    labels: Vec<Vec<usize>>,
    #[serde(rename = "values", serialize_with = "as_rows")]
    coefficients: Coefficients,
}

/// `(n_terms, n_polynomials)`, row after row.
#[derive(Debug, Clone, PartialEq)]
struct Coefficients {
    n_polynomials: usize,
    numbers: Vec<f64>,
}

fn as_rows<S: Serializer>(
    coefficients: &Coefficients,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let rows = coefficients
        .numbers
        .chunks_exact(coefficients.n_polynomials);
    let mut written = serializer.serialize_seq(Some(rows.len()))?;
    rows.into_iter()
        .try_for_each(|row| written.serialize_element(row))?;
    written.end()
}

impl PolynomialFamily {
    /// From coefficients `(n_labels, n_polynomials)`.
    pub(crate) fn new(n_variables: usize, labels: Vec<Vec<usize>>, numbers: Vec<f64>) -> Self {
        let n_polynomials = numbers.len() / labels.len();
        Self {
            n_variables,
            labels,
            coefficients: Coefficients {
                n_polynomials,
                numbers,
            },
        }
    }

    /// The number of variables.
    pub fn n_variables(&self) -> usize {
        self.n_variables
    }

    /// The number of polynomials.
    pub fn n_polynomials(&self) -> usize {
        self.coefficients.n_polynomials
    }

    /// The number of monomials, `C(n_variables + order, order)`.
    pub fn n_terms(&self) -> usize {
        self.labels.len()
    }

    /// The highest order of the monomials.
    pub fn order(&self) -> usize {
        self.labels.last().map_or(0, Vec::len)
    }

    /// The monomials' labels, `(n_terms,)`.
    pub fn labels(&self) -> &[Vec<usize>] {
        &self.labels
    }

    /// The coefficients, `(n_terms, n_polynomials)`, row after row.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients.numbers
    }

    /// One of the polynomials, counted from 0.
    ///
    /// # Errors
    /// If no polynomial has this index.
    pub fn polynomial(&self, index: usize) -> Result<Polynomial> {
        let n = self.n_polynomials();
        if index >= n {
            let allowed = format!("between 0 and {}, a polynomial of the family", n - 1);
            return Err(Error::parameter("index", index, allowed));
        }
        let terms = self.terms().map(|(label, row)| (label, row[index]));
        Ok(Polynomial::from_ordered(self.n_variables, terms))
    }

    /// The polynomials' values at points `(n_samples, n_variables)`: `(n_samples, n_polynomials)`.
    ///
    /// # Errors
    /// If the points aren't rows with as many values as there are variables.
    pub fn values(&self, points: &[f64]) -> Result<Vec<f64>> {
        evaluate(points, self.n_variables, self.n_polynomials(), || {
            self.terms()
        })
    }

    fn terms(&self) -> impl Iterator<Item = (&[usize], &[f64])> {
        let rows = self.coefficients().chunks_exact(self.n_polynomials());
        self.labels.iter().map(Vec::as_slice).zip(rows)
    }
}
