//! All monomials up to an order, and the products of pairs of them.

/// The number of monomials in `n_variables` up to an order, `C(n_variables + order, order)`. It
/// saturates if it is too large for its type.
pub(crate) fn n_monomials(n_variables: usize, order: usize) -> u128 {
    (1..=order as u128).fold(1, |count: u128, n| {
        count.saturating_mul(n_variables as u128 + n) / n
    })
}

/// All monomials up to an order, sorted by order and then lexicographically. Each is identified by
/// its place.
///
/// Lower orders come first, so polynomials of different orders share one numbering.
pub struct Monomials {
    n_variables: usize,
    /// Where the monomials of each order begin, and the end of the last ones.
    starts: Vec<usize>,
    /// The monomial without its last variable.
    parents: Vec<u32>,
    /// Its last variable, counted from 1; 0 for the constant.
    lasts: Vec<u32>,
}

impl Monomials {
    /// All monomials in `n_variables` up to an order.
    pub fn new(n_variables: usize, order: usize) -> Self {
        let (mut parents, mut lasts) = (vec![0], vec![0_u32]);
        let mut starts = vec![0, 1];
        for before in 0..order {
            for parent in starts[before]..starts[before + 1] {
                for variable in lasts[parent].max(1)..=n_variables as u32 {
                    parents.push(parent as u32);
                    lasts.push(variable);
                }
            }
            starts.push(parents.len());
        }
        Self {
            n_variables,
            starts,
            parents,
            lasts,
        }
    }

    /// The highest order.
    pub fn order(&self) -> usize {
        self.starts.len() - 2
    }

    /// The number of monomials up to an order.
    pub fn n_up_to(&self, order: usize) -> usize {
        self.starts[order + 1]
    }

    /// The labels up to an order: variables counted from 1, in ascending order.
    pub fn labels(&self, order: usize) -> Vec<Vec<usize>> {
        let mut labels: Vec<Vec<usize>> = vec![Vec::new()];
        for place in 1..self.n_up_to(order) {
            let mut label = labels[self.parents[place] as usize].clone();
            label.push(self.lasts[place] as usize);
            labels.push(label);
        }
        labels
    }

    /// The place of the product of every monomial and every variable, row after row; only for
    /// monomials below the highest order.
    fn times_variables(&self) -> Vec<u32> {
        let n = self.n_variables;
        let n_rows = self.starts[self.order()];
        let mut first_children = vec![0_u32; n_rows];
        for place in (1..self.parents.len()).rev() {
            first_children[self.parents[place] as usize] = place as u32;
        }
        let child = |place: u32, variable: u32| {
            let first = self.lasts[place as usize].max(1);
            first_children[place as usize] + variable - first
        };
        let mut times = Vec::with_capacity(n_rows * n);
        for place in 0..n_rows {
            let last = self.lasts[place];
            for variable in 1..=n as u32 {
                times.push(if variable >= last {
                    child(place as u32, variable)
                } else {
                    let inner = self.parents[place] as usize * n + variable as usize - 1;
                    child(times[inner], last)
                });
            }
        }
        times
    }
}

/// For every monomial, the pairs whose product it is. The first of a pair isn't the constant, and
/// pairs are sorted by their first.
pub(super) struct Factors {
    /// Where the pairs of each monomial begin, and the end of the last ones.
    starts: Vec<usize>,
    pairs: Vec<[u32; 2]>,
}

impl Factors {
    /// The pairs whose first monomial has at most the order `first_order`.
    pub fn new(monomials: &Monomials, first_order: usize) -> Self {
        let times = monomials.times_variables();
        let mut starts = vec![0; monomials.parents.len() + 1];
        for_each_product(monomials, &times, first_order, |product, _| {
            starts[product as usize + 1] += 1;
        });
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut ends = starts.clone();
        let mut pairs = vec![[0, 0]; starts[starts.len() - 1]];
        for_each_product(monomials, &times, first_order, |product, pair| {
            let end = &mut ends[product as usize];
            pairs[*end] = pair;
            *end += 1;
        });
        Self { starts, pairs }
    }

    pub fn of(&self, product: usize) -> &[[u32; 2]] {
        &self.pairs[self.starts[product]..self.starts[product + 1]]
    }

    /// How many pairs there are, without listing them.
    pub fn count(n_variables: usize, order: usize, first_order: usize) -> u128 {
        let exactly = |of: usize| match of {
            0 => 1,
            _ => n_monomials(n_variables, of).saturating_sub(n_monomials(n_variables, of - 1)),
        };
        (1..=first_order.min(order)).fold(0, |sum: u128, of| {
            sum.saturating_add(exactly(of).saturating_mul(n_monomials(n_variables, order - of)))
        })
    }
}

/// Calls `see` with the product and its two factors, for all pairs up to the highest order.
fn for_each_product(
    monomials: &Monomials,
    times: &[u32],
    first_order: usize,
    mut see: impl FnMut(u32, [u32; 2]),
) {
    let order = monomials.order();
    let mut products = vec![0_u32; monomials.parents.len()];
    for of_first in 1..=first_order.min(order) {
        let n_second = monomials.n_up_to(order - of_first);
        for first in monomials.starts[of_first]..monomials.starts[of_first + 1] {
            products[0] = first as u32;
            see(first as u32, [first as u32, 0]);
            for second in 1..n_second {
                let before = products[monomials.parents[second] as usize] as usize;
                let variable = monomials.lasts[second] as usize;
                products[second] = times[before * monomials.n_variables + variable - 1];
                see(products[second], [first as u32, second as u32]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monomials_are_counted_as_they_are_listed() {
        for (n_variables, order) in [(1, 0), (1, 7), (2, 3), (3, 4), (10, 2)] {
            let monomials = Monomials::new(n_variables, order);
            let labels = monomials.labels(order);
            assert_eq!(labels.len() as u128, n_monomials(n_variables, order));
            let mut sorted = labels.clone();
            sorted.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            assert_eq!(labels, sorted);
        }
        assert_eq!(n_monomials(10, 6), 8008);
        assert!(n_monomials(usize::MAX, 1000) > 1 << 100);
    }

    #[test]
    fn every_pair_of_factors_has_its_product() {
        for (n_variables, order, first_order) in [(1, 6, 6), (2, 5, 5), (3, 4, 1), (4, 3, 2)] {
            let monomials = Monomials::new(n_variables, order);
            let labels = monomials.labels(order);
            let factors = Factors::new(&monomials, first_order);
            let mut n_pairs = 0;
            for (product, label) in labels.iter().enumerate() {
                let pairs = factors.of(product);
                assert!(pairs.is_sorted_by(|a, b| a[0] < b[0]));
                for [first, second] in pairs {
                    let (first, second) = (&labels[*first as usize], &labels[*second as usize]);
                    assert!((1..=first_order).contains(&first.len()));
                    let mut both = [first.as_slice(), second.as_slice()].concat();
                    both.sort_unstable();
                    assert_eq!(both, *label);
                }
                n_pairs += pairs.len();
            }
            assert_eq!(
                n_pairs as u128,
                Factors::count(n_variables, order, first_order)
            );
        }
    }
}
