//! Formulas compiled for evaluation: a flat list of instructions that is run on blocks of rows.

use super::{Expression, Operator};
use crate::error::{Error, Result};
use crate::numerics::{Lane, Number, Tangent};
use pulp::{Arch, NullaryFnOnce};

/// Rows that pass through all instructions together. The intermediate values of so many rows fit
/// the processor's nearest cache.
const BLOCK: usize = 128;
/// Columns are padded to a multiple of this, which is a multiple of every vector width. So no row
/// is left over for scalar instructions.
const PADDING: usize = 16;

/// Points column by column, laid out for evaluation.
///
/// ```
/// use closedform::Expression;
/// use closedform::formula::{Columns, Evaluator, Tape};
///
/// // Two points with two features each; x1 * x2 has the gradient (x2, x1).
/// let columns = Columns::new(vec![vec![1.0, 2.0], vec![3.0, 4.0]])?;
/// let product = Tape::new(&(Expression::variable(0) * Expression::variable(1)));
/// let mut evaluator = Evaluator::new();
/// let found = evaluator.gradients(&product, &columns);
/// assert_eq!(found.values, [3.0, 8.0]);
/// assert_eq!(found.gradient, [[3.0, 4.0], [1.0, 2.0]]);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Columns {
    n_samples: usize,
    raw: Vec<Vec<f64>>,
    padded: Vec<Vec<Lane>>,
}

impl Columns {
    /// Columns of equal length, one per feature.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn new(columns: Vec<Vec<f64>>) -> Result<Self> {
        let n_samples = columns.first().map_or(0, Vec::len);
        match columns.iter().position(|column| column.len() != n_samples) {
            Some(other) => Err(Error::Shape(format!(
                "column {} has {} values, but column 1 has {n_samples}",
                other + 1,
                columns[other].len()
            ))),
            None => Ok(Self::of_one_length(columns)),
        }
    }

    /// The same for columns that are known to have one length.
    pub(crate) fn of_one_length(columns: Vec<Vec<f64>>) -> Self {
        let n_samples = columns.first().map_or(0, Vec::len);
        let padded = columns.iter().map(|column| {
            // The last row fills the padding: it is as finite as the others.
            let padding = column.last().into_iter().cycle();
            let n = n_samples.next_multiple_of(PADDING);
            let rows = column.iter().chain(padding).take(n);
            rows.map(|&value| Lane(value)).collect()
        });
        Self {
            n_samples,
            padded: padded.collect(),
            raw: columns,
        }
    }

    /// Columns from rows `(n_samples, n_features)`, one after the other.
    pub(crate) fn from_rows(rows: &[f64], n_features: usize) -> Self {
        let column = |feature: usize| rows.iter().skip(feature).step_by(n_features).copied();
        Self::of_one_length((0..n_features).map(|f| column(f).collect()).collect())
    }

    /// Every k-th point, so that at most `max_samples` are left.
    pub(crate) fn thinned(&self, max_samples: usize) -> Self {
        let thin = |column: &Vec<f64>| thinned(column, max_samples);
        Self::of_one_length(self.raw.iter().map(thin).collect())
    }

    /// Some of the columns.
    pub(crate) fn picked(&self, columns: &[usize]) -> Self {
        Self::of_one_length(
            columns
                .iter()
                .map(|&column| self.raw[column].clone())
                .collect(),
        )
    }

    /// The columns, one per feature.
    pub fn raw(&self) -> &[Vec<f64>] {
        &self.raw
    }

    /// The number of points.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// The number of features.
    pub fn n_features(&self) -> usize {
        self.padded.len()
    }
}

/// Every k-th value, so that at most `max_samples` are left, but at least one.
pub(crate) fn thinned(column: &[f64], max_samples: usize) -> Vec<f64> {
    let step = column.len().div_ceil(max_samples.max(1)).max(1);
    column.iter().step_by(step).copied().collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operand {
    Variable(usize),
    Constant(usize),
    /// The result of an earlier instruction.
    Slot(usize),
}

#[derive(Debug, Clone, Copy)]
struct Instruction {
    operator: Operator,
    /// A unary operator has its argument here twice.
    arguments: [Operand; 2],
}

/// A formula compiled for evaluation.
#[derive(Debug, Clone)]
pub struct Tape {
    instructions: Vec<Instruction>,
    constants: Vec<f64>,
    /// Operations on constants only. They are computed once, not per row, and their results follow
    /// the constants.
    folded: Vec<Instruction>,
    /// The features in the formula, in rising order.
    variables: Vec<usize>,
    result: Operand,
}

impl Tape {
    /// Compiles a formula.
    pub fn new(expression: &Expression) -> Self {
        let mut tape = Self {
            instructions: Vec::with_capacity(expression.n_nodes()),
            constants: Vec::new(),
            folded: Vec::new(),
            variables: Vec::new(),
            result: Operand::Slot(0),
        };
        let n_constants = expression.n_constants();
        tape.result = tape.push(expression, n_constants);
        tape.variables.sort_unstable();
        tape.variables.dedup();
        tape
    }

    fn push(&mut self, expression: &Expression, n_constants: usize) -> Operand {
        match expression {
            Expression::Constant(value) => {
                self.constants.push(*value);
                Operand::Constant(self.constants.len() - 1)
            }
            Expression::Variable(index) => {
                self.variables.push(*index);
                Operand::Variable(*index)
            }
            Expression::Apply(operator, arguments) => {
                let first = self.push(&arguments[0], n_constants);
                let second = match arguments.get(1) {
                    Some(second) => self.push(second, n_constants),
                    None => first,
                };
                let instruction = Instruction {
                    operator: *operator,
                    arguments: [first, second],
                };
                let is_constant = |operand| matches!(operand, Operand::Constant(_));
                if is_constant(first) && is_constant(second) {
                    self.folded.push(instruction);
                    return Operand::Constant(n_constants + self.folded.len() - 1);
                }
                self.instructions.push(instruction);
                Operand::Slot(self.instructions.len() - 1)
            }
        }
    }

    /// The constants, in the order of the formula.
    pub fn constants(&self) -> &[f64] {
        &self.constants
    }

    /// The constants, as mutable references.
    pub fn constants_mut(&mut self) -> &mut [f64] {
        &mut self.constants
    }

    /// Whether the columns include all of the formula's variables.
    fn fits(&self, columns: &Columns) -> bool {
        let last = self.variables.last();
        last.is_none_or(|&last| last < columns.n_features())
    }

    #[inline(always)]
    fn forward<N: Number>(
        &self,
        columns: &[Vec<N>],
        rows: (usize, usize),
        work: &mut Workspace<N>,
    ) {
        let (start, n) = rows;
        for (index, instruction) in self.instructions.iter().enumerate() {
            let (earlier, here) = work.slots.split_at_mut(index * BLOCK);
            let operand = |operand: Operand| match operand {
                Operand::Variable(variable) => &columns[variable][start..start + n],
                Operand::Constant(constant) => &work.constants[constant * BLOCK..][..n],
                Operand::Slot(slot) => &earlier[slot * BLOCK..][..n],
            };
            let [first, second] = instruction.arguments;
            let operator = instruction.operator;
            let near = operator.near(operand(first));
            operator.values(&near, operand(second), &mut here[..n]);
        }
    }

    /// Derivatives with respect to all variables, in one sweep from the result back to the leaves.
    #[inline(always)]
    fn backward<N: Number>(
        &self,
        columns: &[Vec<N>],
        rows: (usize, usize),
        work: &mut Workspace<N>,
    ) {
        let (start, n) = rows;
        let n_slots = self.instructions.len();
        for &variable in &self.variables {
            work.gradient[variable * BLOCK..][..n].fill(N::constant(0.0));
        }
        match self.result {
            Operand::Slot(slot) => work.adjoints[slot * BLOCK..][..n].fill(N::constant(1.0)),
            Operand::Variable(index) => {
                work.gradient[index * BLOCK..][..n].fill(N::constant(1.0));
            }
            Operand::Constant(_) => (),
        }
        for (index, instruction) in self.instructions.iter().enumerate().rev() {
            let operand = |operand: Operand| match operand {
                Operand::Variable(variable) => &columns[variable][start..start + n],
                Operand::Constant(constant) => &work.constants[constant * BLOCK..][..n],
                Operand::Slot(slot) => &work.slots[slot * BLOCK..][..n],
            };
            let [first, second] = instruction.arguments;
            // Leaves, and the second argument of a unary operator, use spare places at the end.
            let is_unary = instruction.operator.arity() == 1;
            let place = |operand: Operand, spare: usize| match operand {
                Operand::Slot(slot) if !(is_unary && spare == 1) => slot * BLOCK,
                _ => (n_slots + spare) * BLOCK,
            };
            let places = [index * BLOCK, place(first, 0), place(second, 1)];
            let ranges = places.map(|place| place..place + n);
            let Ok([outer, into_first, into_second]) = work.adjoints.get_disjoint_mut(ranges)
            else {
                unreachable!("in a tree every instruction has one reader");
            };
            instruction.operator.partials(
                &instruction.operator.near(operand(first)),
                operand(second),
                &work.slots[index * BLOCK..][..n],
                outer,
                into_first,
                into_second,
            );
            let arguments = [(first, 0), (second, 1)];
            for (operand, spare) in &arguments[..instruction.operator.arity()] {
                if let Operand::Variable(variable) = operand {
                    let adjoints = &work.adjoints[(n_slots + spare) * BLOCK..][..n];
                    let sums = &mut work.gradient[variable * BLOCK..][..n];
                    for (sum, &adjoint) in sums.iter_mut().zip(adjoints) {
                        *sum = *sum + adjoint;
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn result<'a, N: Number>(
        &self,
        columns: &'a [Vec<N>],
        rows: (usize, usize),
        work: &'a Workspace<N>,
    ) -> &'a [N] {
        let (start, n) = rows;
        match self.result {
            Operand::Variable(variable) => &columns[variable][start..start + n],
            Operand::Constant(constant) => &work.constants[constant * BLOCK..][..n],
            Operand::Slot(slot) => &work.slots[slot * BLOCK..][..n],
        }
    }
}

/// Buffers that are reused for the next formula. Each place is a block long.
#[derive(Debug)]
struct Workspace<N> {
    slots: Vec<N>,
    adjoints: Vec<N>,
    constants: Vec<N>,
    gradient: Vec<N>,
}

impl<N: Number> Workspace<N> {
    fn new() -> Self {
        Self {
            slots: Vec::new(),
            adjoints: Vec::new(),
            constants: Vec::new(),
            gradient: Vec::new(),
        }
    }

    /// Allocates the buffers, which only ever grow, and writes the constants for blocks of at most
    /// `n_rows`.
    #[inline(always)]
    fn prepare(&mut self, tape: &Tape, n_features: usize, n_rows: usize) {
        let grow = |buffer: &mut Vec<N>, n: usize| {
            if buffer.len() < n * BLOCK {
                buffer.resize(n * BLOCK, N::constant(0.0));
            }
        };
        grow(&mut self.slots, tape.instructions.len());
        grow(&mut self.adjoints, tape.instructions.len() + 2);
        grow(
            &mut self.constants,
            tape.constants.len() + tape.folded.len(),
        );
        grow(&mut self.gradient, n_features);
        for (place, &value) in self.constants.chunks_exact_mut(BLOCK).zip(&tape.constants) {
            place[..n_rows.min(BLOCK)].fill(N::constant(value));
        }
    }

    /// Computes the parts that depend on constants only.
    #[inline(always)]
    fn fold(&mut self, tape: &Tape, n_rows: usize) {
        for (index, instruction) in tape.folded.iter().enumerate() {
            let [first, second] = instruction.arguments.map(|operand| match operand {
                Operand::Constant(constant) => self.constants[constant * BLOCK],
                _ => unreachable!("only operations on constants are folded"),
            });
            let place = (tape.constants.len() + index) * BLOCK;
            let operator = instruction.operator;
            let value = operator.value(operator.near(&[first])[0], second);
            self.constants[place..place + n_rows.min(BLOCK)].fill(value);
        }
    }
}

/// Values `(n_samples,)` of a formula and its derivatives, column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// The value at each point.
    pub values: Vec<f64>,
    /// One column per feature. An empty column stands for a derivative that is zero everywhere.
    pub gradient: Vec<Vec<f64>>,
}

impl Evaluation {
    /// Whether every value and derivative is a finite number.
    pub fn is_finite(&self) -> bool {
        let columns = self.gradient.iter().chain([&self.values]);
        columns.flatten().all(|value| value.is_finite())
    }
}

/// Evaluates compiled formulas, and reuses its buffers.
///
/// If the points lack a variable of the formula, every value is NaN.
#[derive(Debug)]
pub struct Evaluator {
    arch: Arch,
    work: Workspace<Lane>,
    tangents: Workspace<Tangent>,
    found: Evaluation,
}

impl Default for Evaluator {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator {
    /// An evaluator for the widest vector instructions of this processor.
    pub fn new() -> Self {
        Self {
            arch: Arch::new(),
            work: Workspace::new(),
            tangents: Workspace::new(),
            found: Evaluation::default(),
        }
    }

    /// The values `(n_samples,)`. They end early at a block with a value that isn't finite.
    pub fn values(&mut self, tape: &Tape, columns: &Columns) -> &[f64] {
        self.run(
            tape,
            columns,
            Wanted {
                gradient: false,
                early_exit: true,
            },
        );
        &self.found.values
    }

    /// The values and all input derivatives. They end early at a block with a number that isn't
    /// finite.
    pub fn gradients(&mut self, tape: &Tape, columns: &Columns) -> &Evaluation {
        self.run(
            tape,
            columns,
            Wanted {
                gradient: true,
                early_exit: true,
            },
        );
        &self.found
    }

    /// The values and all input derivatives at every point, finite or not.
    pub(crate) fn everywhere(&mut self, tape: &Tape, columns: &Columns) -> &Evaluation {
        self.run(
            tape,
            columns,
            Wanted {
                gradient: true,
                early_exit: false,
            },
        );
        &self.found
    }

    fn run(&mut self, tape: &Tape, columns: &Columns, wanted: Wanted) {
        let Self {
            arch, work, found, ..
        } = self;
        found.values.clear();
        found.gradient.resize(columns.n_features(), Vec::new());
        found.gradient.iter_mut().for_each(Vec::clear);
        if !tape.fits(columns) {
            found.values.resize(columns.n_samples, f64::NAN);
            return;
        }
        arch.dispatch(Evaluate {
            tape,
            columns,
            wanted,
            work,
            found,
        });
    }

    /// The derivatives of the values and of the input derivatives with respect to one constant:
    /// columns of the Jacobian for fitting constants. They are 0 for a constant that the formula
    /// doesn't have.
    pub fn sensitivity(&mut self, tape: &Tape, constant: usize, columns: &Columns) -> Evaluation {
        let Self { arch, tangents, .. } = self;
        let mut found = Evaluation {
            values: Vec::with_capacity(columns.n_samples),
            gradient: vec![Vec::new(); columns.n_features()],
        };
        if !tape.fits(columns) {
            found.values.resize(columns.n_samples, f64::NAN);
            return found;
        }
        arch.dispatch(Differentiate {
            tape,
            constant,
            columns,
            work: tangents,
            found: &mut found,
        });
        found
    }
}

#[derive(Clone, Copy)]
struct Wanted {
    gradient: bool,
    early_exit: bool,
}

/// The work that is compiled for this processor's instructions. A closure with mutable borrows
/// wouldn't do: it is called through a function of its own, which is compiled for any processor.
struct Evaluate<'a> {
    tape: &'a Tape,
    columns: &'a Columns,
    wanted: Wanted,
    work: &'a mut Workspace<Lane>,
    found: &'a mut Evaluation,
}

impl NullaryFnOnce for Evaluate<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self {
            tape,
            columns,
            wanted,
            work,
            found,
        } = self;
        let n_rows = columns.n_samples.next_multiple_of(PADDING);
        work.prepare(tape, columns.n_features(), n_rows);
        work.fold(tape, n_rows);
        for start in (0..n_rows).step_by(BLOCK) {
            let rows = (start, BLOCK.min(n_rows - start));
            let n_left = columns.n_samples - start;
            tape.forward(&columns.padded, rows, work);
            let mut is_finite = append(
                tape.result(&columns.padded, rows, work),
                n_left,
                &mut found.values,
            );
            if wanted.gradient {
                tape.backward(&columns.padded, rows, work);
                for &variable in &tape.variables {
                    let column = &work.gradient[variable * BLOCK..][..rows.1];
                    is_finite &= append(column, n_left, &mut found.gradient[variable]);
                }
            }
            if wanted.early_exit && !is_finite {
                return;
            }
        }
    }
}

/// Appends at most `n_left` rows of a block and returns whether all of them are finite.
#[inline(always)]
fn append(block: &[Lane], n_left: usize, rows: &mut Vec<f64>) -> bool {
    let block = &block[..n_left.min(block.len())];
    rows.extend(block.iter().map(|row| row.0));
    // Without an early exit, which would keep the loop from being vectorized.
    block.iter().fold(true, |all, row| all & row.0.is_finite())
}

/// The same for derivatives with respect to a constant.
struct Differentiate<'a> {
    tape: &'a Tape,
    constant: usize,
    columns: &'a Columns,
    work: &'a mut Workspace<Tangent>,
    found: &'a mut Evaluation,
}

impl NullaryFnOnce for Differentiate<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self {
            tape,
            constant,
            columns,
            work,
            found,
        } = self;
        let n_rows = columns.n_samples.next_multiple_of(PADDING);
        work.prepare(tape, columns.n_features(), n_rows);
        if constant < tape.constants.len() {
            for place in &mut work.constants[constant * BLOCK..][..BLOCK] {
                place.slope = Lane(1.0);
            }
        }
        work.fold(tape, n_rows);
        let mut block: Vec<Vec<Tangent>> = vec![Vec::with_capacity(BLOCK); columns.n_features()];
        for start in (0..n_rows).step_by(BLOCK) {
            let n = BLOCK.min(n_rows - start);
            let n_left = columns.n_samples - start;
            for (tangents, rows) in block.iter_mut().zip(&columns.padded) {
                tangents.clear();
                let slope = Lane(0.0);
                let rows = rows[start..start + n].iter();
                tangents.extend(rows.map(|&value| Tangent { value, slope }));
            }
            tape.forward(&block, (0, n), work);
            let append_slopes = |column: &[Tangent], found: &mut Vec<f64>| {
                let slopes = column.iter().map(|tangent| tangent.slope.0);
                found.extend(slopes.take(n_left));
            };
            append_slopes(tape.result(&block, (0, n), work), &mut found.values);
            tape.backward(&block, (0, n), work);
            for &variable in &tape.variables {
                let column = &work.gradient[variable * BLOCK..][..n];
                append_slopes(column, &mut found.gradient[variable]);
            }
        }
    }
}
