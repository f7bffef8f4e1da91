//! The workload of dynamic_expressions' own benchmark: random trees of one size.

use closedform::{Expression, Operator};
use closedform::formula::{Columns, Evaluator, Tape};
use dynamic_expressions::operator_enum::builtin::{Add, Div, Exp, Mul, Sin, Sub};
use dynamic_expressions::{OpId, OperatorSet, PNode, PostfixExpr, opset};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

opset! {
    /// The peer's side of [`Operator::PAPER`].
    pub PeerOperators for f64 { Sin, Exp, Add, Sub, Mul, Div }
}

pub type PeerTree = PostfixExpr<f64, PeerOperators, 2>;

pub const N_VARIABLES: usize = 5;
/// Intermediate values beyond this end in overflow or in sines of noise, where evaluation times
/// say little and results differ.
const LARGEST_VALUE: f64 = 1e4;

/// Trees of `n_nodes` nodes that are finite and tame on the given points.
pub fn tame_trees(
    n_trees: usize,
    n_nodes: usize,
    columns: &Columns,
    rng: &mut ChaCha8Rng,
) -> Vec<Expression> {
    let mut evaluator = Evaluator::new();
    let mut trees = Vec::with_capacity(n_trees);
    while trees.len() < n_trees {
        let tree = random_tree(n_nodes, rng);
        let found = evaluator.gradients(&Tape::new(&tree), columns);
        let is_complete = found.values.len() == columns.n_samples() && found.is_finite();
        if is_complete && is_tame(&tree, columns, &mut evaluator) {
            trees.push(tree);
        }
    }
    trees
}

/// Grows a tree as the peer's benchmark does: a random leaf becomes a random operator on new
/// leaves until the size is reached.
fn random_tree(size: usize, rng: &mut ChaCha8Rng) -> Expression {
    let mut tree = random_leaf(rng);
    while n_nodes(&tree) < size {
        let arity = rng.random_range(1..=(size - n_nodes(&tree)).min(2));
        let operators: Vec<Operator> = Operator::PAPER
            .into_iter()
            .filter(|operator| operator.arity() == arity)
            .collect();
        let operator = operators[rng.random_range(0..operators.len())];
        let leaves = (0..arity).map(|_| random_leaf(rng)).collect();
        let place = rng.random_range(0..n_leaves(&tree));
        *leaf_mut(&mut tree, place) = Expression::apply(operator, leaves).unwrap();
    }
    tree
}

fn random_leaf(rng: &mut ChaCha8Rng) -> Expression {
    if rng.random_bool(0.5) {
        Expression::constant(rng.random_range(-2.0..2.0))
    } else {
        Expression::variable(rng.random_range(0..N_VARIABLES))
    }
}

/// The peer's benchmark has rising columns as well; its are longer by a third and begin at 0, where
/// few quotients are finite.
pub fn rising_columns(n_rows: usize) -> Vec<Vec<f64>> {
    let value = |variable: usize, row: usize| {
        3.0 * row as f64 / n_rows as f64 + 0.1 * variable as f64 + 0.05
    };
    (0..N_VARIABLES)
        .map(|variable| (0..n_rows).map(|row| value(variable, row)).collect())
        .collect()
}

fn arguments(tree: &Expression) -> &[Expression] {
    match tree {
        Expression::Apply(_, arguments) => arguments,
        _ => &[],
    }
}

fn n_nodes(tree: &Expression) -> usize {
    1 + arguments(tree).iter().map(n_nodes).sum::<usize>()
}

fn n_leaves(tree: &Expression) -> usize {
    let below: usize = arguments(tree).iter().map(n_leaves).sum();
    below.max(1)
}

fn leaf_mut(tree: &mut Expression, mut place: usize) -> &mut Expression {
    let Expression::Apply(_, arguments) = tree else {
        return tree;
    };
    let branch = arguments.iter().position(|argument| {
        let n_leaves = n_leaves(argument);
        let is_here = place < n_leaves;
        if !is_here {
            place -= n_leaves;
        }
        is_here
    });
    leaf_mut(
        &mut arguments[branch.expect("a place below the number of leaves")],
        place,
    )
}

fn is_tame(tree: &Expression, columns: &Columns, evaluator: &mut Evaluator) -> bool {
    let values = evaluator.values(&Tape::new(tree), columns);
    values.len() == columns.n_samples()
        && values.iter().all(|value| value.abs() < LARGEST_VALUE)
        && arguments(tree)
            .iter()
            .all(|argument| is_tame(argument, columns, evaluator))
}

/// The same tree in the peer's notation: nodes in postfix order beside a list of constants.
pub fn to_peer(tree: &Expression) -> PeerTree {
    let (mut nodes, mut constants) = (Vec::new(), Vec::new());
    push_postfix(tree, &mut nodes, &mut constants);
    PostfixExpr::new(nodes, constants, Default::default())
}

fn push_postfix(tree: &Expression, nodes: &mut Vec<PNode>, constants: &mut Vec<f64>) {
    match tree {
        Expression::Constant(value) => {
            nodes.push(PNode::Const {
                idx: constants.len() as u16,
            });
            constants.push(*value);
        }
        Expression::Variable(index) => nodes.push(PNode::Var {
            feature: *index as u16,
        }),
        Expression::Apply(operator, arguments) => {
            for argument in arguments {
                push_postfix(argument, nodes, constants);
            }
            let OpId { arity, id } = peer_operator(*operator);
            nodes.push(PNode::Op { arity, op: id });
        }
    }
}

fn peer_operator(operator: Operator) -> OpId {
    let found = PeerOperators::lookup_all(operator.name());
    let same_arity = |id: &OpId| usize::from(id.arity) == operator.arity();
    let id = found.into_iter().find(same_arity);
    id.unwrap_or_else(|| panic!("the peer has no operator {}", operator.name()))
}
