//! Formulas as text: what is written is read back, what people write is understood, and no text
//! whatever does harm.

use crate::support;

use closedform::{Expression, Operator};
use proptest::prelude::*;
use support::{N_VARIABLES, cases, expressions, is_tame, names, points};

/// How far, relative to `1 + |value|` and `1 + |gradient|`, what is read back may lie from what
/// was written: rounding error only.
const TOLERANCE: f64 = 1e-9;

fn read(text: &str) -> Expression {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str, names: &[String]) -> String {
    match Expression::parse(text, names) {
        Ok(formula) => panic!("{text} is read as {formula}"),
        Err(error) => error.to_string(),
    }
}

fn x(number: usize) -> Expression {
    Expression::variable(number - 1)
}

fn c(value: f64) -> Expression {
    Expression::constant(value)
}

/// How many texts the fuzzing tries.
fn fuzz_cases() -> u32 {
    let cases = std::env::var("CLOSEDFORM_FUZZ_CASES").unwrap_or("2000".into());
    cases.parse().expect("CLOSEDFORM_FUZZ_CASES is a number")
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn a_written_formula_is_read_back_as_the_same_function(
        formula in expressions(),
        point in points(),
    ) {
        prop_assume!(is_tame(&formula, &point));
        let text = formula.to_string();
        let (value, gradient) = formula.value_and_gradient(&point);
        let (value_read, gradient_read) = read(&text).value_and_gradient(&point);
        prop_assert!(
            (value - value_read).abs() < TOLERANCE * (1.0 + value.abs()),
            "{} at {:?}: {} was written, {} read", text, point, value, value_read
        );
        let scale = 1.0 + gradient.iter().fold(0.0_f64, |most, slope| most.max(slope.abs()));
        for (slope, slope_read) in gradient.iter().zip(&gradient_read) {
            prop_assert!(
                (slope - slope_read).abs() < TOLERANCE * scale,
                "{} at {:?}: {:?} was written, {:?} read", text, point, gradient, gradient_read
            );
        }
    }

    /// The first round may collect factors whose trees differ and whose texts do not.
    #[test]
    fn a_formula_that_was_read_is_written_the_same_again_and_again(formula in expressions()) {
        let text = read(&formula.to_string()).to_string();
        prop_assert_eq!(read(&text).to_string(), text);
    }

    #[test]
    fn formulas_in_named_variables_are_read_back(formula in expressions()) {
        let names = ["exp", "größe", "_3"].map(String::from);
        let formula = read(&formula.to_string());
        let text = formula.to_formula(&names);
        let again = Expression::parse(&text, &names).unwrap();
        prop_assert_eq!(again.to_formula(&names), text);
    }
}

/// Texts that can be read at least in part.
fn formula_like() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "+", "-", "*", "/", "**", "^", "(", ")", "(", ")", ",", " ", "x1", "x2", "x", "0", "1",
        "2", "64", "-3", ".5", "1e-3", "1e999", "e", "E", "pi", "sin(", "log(", "neg(", "sqrt",
        "_", "é", "\u{2003}", ".",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|all| all.concat())
}

/// Mostly readable texts: random operators between random operands.
fn well_formed() -> impl Strategy<Value = String> {
    let operand = prop::sample::select(vec!["x1", "x2", "3", ".5", "pi", "1e300"]);
    operand
        .prop_map(String::from)
        .prop_recursive(6, 60, 2, |inner| {
            prop_oneof![
                (
                    inner.clone(),
                    prop::sample::select(vec!["+", "-", "*", "/"]),
                    inner.clone()
                )
                    .prop_map(|(left, operator, right)| format!("{left}{operator}{right}")),
                inner.clone().prop_map(|inner| format!("({inner})")),
                inner.clone().prop_map(|inner| format!("-{inner}")),
                inner.clone().prop_map(|inner| format!("sin({inner})")),
                (inner, -70..70_i32).prop_map(|(base, power)| format!("({base})**{power}")),
            ]
        })
}

/// Reads, and if that succeeds writes and computes, which may not panic either.
fn try_out(text: &str) -> Result<(), TestCaseError> {
    match text.parse::<Expression>() {
        Ok(formula) => {
            prop_assert!(!formula.to_string().is_empty());
            prop_assert!(!formula.to_latex(&[]).is_empty());
            prop_assert!(formula.complexity() > 0);
            let names = names(N_VARIABLES);
            if let Ok(formula) = Expression::parse(text, &names) {
                formula.value_and_gradient(&[0.5; N_VARIABLES]);
            }
        }
        Err(error) => prop_assert!(
            error.to_string().starts_with("formula, position "),
            "{}",
            error
        ),
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(fuzz_cases()))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        try_out(&text)?;
    }

    #[test]
    fn any_text_of_the_symbols_of_formulas_is_read_or_refused(text in formula_like()) {
        try_out(&text)?;
    }

    #[test]
    fn any_text_with_the_shape_of_a_formula_is_read_or_refused(text in well_formed()) {
        try_out(&text)?;
    }
}

#[test]
fn operators_bind_as_in_python() {
    let cases = [
        ("x1 + x2*x3", x(1) + x(2) * x(3)),
        ("(x1 + x2)*x3", (x(1) + x(2)) * x(3)),
        ("x1 - x2 - x3", x(1) - x(2) - x(3)),
        ("x1 - (x2 - x3)", x(1) - (x(2) - x(3))),
        ("x1 + x2 - x3 - x1", (x(1) + x(2)) - (x(3) + x(1))),
        ("x1/x2*x3", x(1) * x(3) / x(2)),
        ("x1/x2/x3", x(1) / (x(2) * x(3))),
        (
            "x1*-x2",
            x(1) * Expression::apply(Operator::Neg, vec![x(2)]).unwrap(),
        ),
        ("--x1", x(1)),
        ("-+-+x1", x(1)),
        ("x1 - -2", x(1) - c(-2.0)),
        (
            "-x1**2",
            Expression::apply(Operator::Neg, vec![x(1) * x(1)]).unwrap(),
        ),
        ("(-2)**2", c(-2.0) * c(-2.0)),
        ("x1**2*x2", (x(1) * x(1)) * x(2)),
        ("x1*x2**2", x(1) * (x(2) * x(2))),
        ("x1**-2", c(1.0) / (x(1) * x(1))),
        ("x1^(-1)", c(1.0) / x(1)),
        ("x1**2**2", (x(1) * x(1)) * (x(1) * x(1))),
        ("(x1**2)^2", (x(1) * x(1)) * (x(1) * x(1))),
        ("x1**-2**0", c(1.0) / x(1)),
        ("x1**1", x(1)),
        ("x1**0", c(1.0)),
        ("x1**(4/2)", x(1) * x(1)),
        ("sin(x1)**2", read("sin(x1)*sin(x1)")),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn numbers_constants_and_white_space_are_read() {
    let cases = [
        ("1", 1.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e-3", 1e-3),
        ("2.5E+2", 250.0),
        ("-2", -2.0),
        ("pi", std::f64::consts::PI),
        ("E", std::f64::consts::E),
    ];
    for (text, value) in cases {
        assert_eq!(read(text), c(value), "{text}");
    }
    assert_eq!(read("  sin ( x1 )\t*\n2\u{2003}"), read("sin(x1)*2"));
}

#[test]
fn every_function_is_called_by_its_name() {
    for &operator in support::OPERATORS {
        if operator.name().starts_with(char::is_alphabetic) {
            let arguments: Vec<Expression> = (1..=operator.arity()).map(x).collect();
            let texts: Vec<String> = arguments.iter().map(Expression::to_string).collect();
            let text = format!("{}({})", operator.name(), texts.join(", "));
            assert_eq!(read(&text), Expression::apply(operator, arguments).unwrap());
        }
    }
}

#[test]
fn names_go_before_constants_and_calls_before_names() {
    let names = ["E", "sin", "flow_2", "größe"].map(String::from);
    let parse = |text| Expression::parse(text, &names).unwrap();
    assert_eq!(parse("E*flow_2"), x(1) * x(3));
    assert_eq!(
        parse("sin(sin)"),
        Expression::apply(Operator::Sin, vec![x(2)]).unwrap()
    );
    assert_eq!(parse("größe + pi"), x(4) + c(std::f64::consts::PI));
}

#[test]
fn refusals_give_the_place_what_was_found_and_what_is_allowed() {
    const OPERAND: &str = "a number, a variable, a function or \"(\"";
    let functions = "constants are pi E, functions are neg square cube powi pow sqrt inv sin cos tan \
                     tanh exp log abs sigmoid atan asin acos sinh cosh max min";
    let cases = [
        ("", format!("1: found the end, but expected {OPERAND}")),
        ("x1 +", format!("5: found the end, but expected {OPERAND}")),
        (
            "x1 * *x2",
            format!("6: found \"*\", but expected {OPERAND}"),
        ),
        ("2*)", format!("3: found \")\", but expected {OPERAND}")),
        ("sin()", format!("5: found \")\", but expected {OPERAND}")),
        (
            "ä",
            format!("1: \"ä\" isn't a variable; variables are x1 x2 ..., {functions}"),
        ),
        (
            "2*x0",
            format!("3: \"x0\" isn't a variable; variables are x1 x2 ..., {functions}"),
        ),
        (
            "x01",
            format!("1: \"x01\" isn't a variable; variables are x1 x2 ..., {functions}"),
        ),
        (
            "sin x1",
            format!("1: \"sin\" isn't a variable; variables are x1 x2 ..., {functions}"),
        ),
        (
            "1 + foo(x1)",
            format!("5: \"foo\" isn't a function; variables are x1 x2 ..., {functions}"),
        ),
        (
            "sin(x1, 2)",
            "1: the number of arguments of \"sin\" is 2, but must be 1".into(),
        ),
        (
            "x1 x2",
            "4: found \"x2\", but expected an operator or the end".into(),
        ),
        (
            "x1\u{0}",
            "3: found \"\\0\", but expected an operator or the end".into(),
        ),
        (
            "äö²",
            format!("1: \"äö\" isn't a variable; variables are x1 x2 ..., {functions}"),
        ),
        (
            "(x1",
            "4: found the end, but expected an operator or \")\"".into(),
        ),
        (
            "(x1, x2)",
            "4: found \",\", but expected an operator or \")\"".into(),
        ),
        (
            "sin(x1",
            "7: found the end, but expected an operator, \",\" or \")\"".into(),
        ),
        (
            "1**(0/0)",
            "4: the exponent \"(0/0)\" is NaN, but must be a finite number".into(),
        ),
        (
            "x1^1e300^2",
            "4: the exponent \"1e300^2\" is inf, but must be a finite number".into(),
        ),
        (
            "x1 + .",
            "6: \".\" isn't a number; numbers are written 1, 1.5, .5 or 1e-3, up to 1.7e308".into(),
        ),
        (
            "2e*3",
            "1: \"2e\" isn't a number; numbers are written 1, 1.5, .5 or 1e-3, up to 1.7e308"
                .into(),
        ),
        (
            "1.2.3",
            "1: \"1.2.3\" isn't a number; numbers are written 1, 1.5, .5 or 1e-3, up to 1.7e308"
                .into(),
        ),
        (
            "1e999",
            "1: \"1e999\" isn't a number; numbers are written 1, 1.5, .5 or 1e-3, up to 1.7e308"
                .into(),
        ),
        (
            "((x1**64)**64)**64",
            "17: powers multiply out to more than 100000 parts".into(),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(
            refused(text, &[]),
            format!("formula, position {expected}"),
            "{text}"
        );
    }
    assert_eq!(
        refused("a + x1", &["a".to_string(), "b".to_string()]),
        format!("formula, position 5: \"x1\" isn't a variable; variables are a b, {functions}")
    );
    let too_long = " ".repeat(10_000) + "x1";
    assert_eq!(
        refused(&too_long, &[]),
        "formula, position 10001: a formula has at most 10000 characters"
    );
}

#[test]
fn real_powers_are_read_and_written() {
    let pow = |base, exponent| Expression::apply(Operator::Pow, vec![base, exponent]).unwrap();
    let cases = [
        ("x1**0.75", pow(x(1), c(0.75)), "x1**0.75"),
        ("x1^0.75", pow(x(1), c(0.75)), "x1**0.75"),
        ("x1**(3/4)", pow(x(1), c(0.75)), "x1**0.75"),
        ("x1**(2/3)", pow(x(1), c(2.0 / 3.0)), "x1**(2/3)"),
        ("x1**-2.5", pow(x(1), c(-2.5)), "1/x1**2.5"),
        ("x1**0.5", pow(x(1), c(0.5)), "sqrt(x1)"),
        ("x1**100", pow(x(1), c(100.0)), "x1**100"),
        ("x1**2.0", x(1) * x(1), "x1**2"),
        ("(x1/x2)**-1.4", pow(x(1) / x(2), c(-1.4)), "(x2/x1)**1.4"),
        ("-x1**0.3", read("-(x1**0.3)"), "-x1**0.3"),
        ("sqrt(x1*sqrt(x1))", read("sqrt(x1*sqrt(x1))"), "x1**0.75"),
        ("x1*sqrt(x1)", read("x1*sqrt(x1)"), "x1**1.5"),
        (
            "sqrt(x1)**2",
            read("sqrt(x1)*sqrt(x1)"),
            "sqrt(x1)*sqrt(x1)",
        ),
        ("sqrt(x1**2)", read("sqrt(x1*x1)"), "sqrt(x1**2)"),
        (
            "(x1**0.75)**4",
            read("square(square(x1**0.75))"),
            "(x1**0.75)**4",
        ),
        ("x1**x2", pow(x(1), x(2)), "((x1)**(x2))"),
        (
            "2*x1**0.3/x2**1.7",
            read("2*x1**0.3/x2**1.7"),
            "2*x1**0.3/x2**1.7",
        ),
    ];
    for (text, expected, written) in cases {
        let found = read(text);
        for point in [[0.7, 1.9], [2.3, 0.4]] {
            let (a, b) = (found.value(&point), expected.value(&point));
            assert!((a - b).abs() < 1e-14 * b.abs(), "{text}: {a} {b}");
        }
        assert_eq!(expected.to_string(), written, "{text}");
        let again = read(written).value(&[0.7, 1.9]);
        assert!(
            (again / found.value(&[0.7, 1.9]) - 1.0).abs() < 1e-14,
            "{written}"
        );
    }
    let power = read("3.4*x1**0.75");
    assert_eq!(power.to_latex(&[]), "3.4 x_{1}^{0.75}");
    assert!(
        power
            .to_mathml(&[])
            .ends_with("<mn>1</mn></msub><mn>0.75</mn></msup>")
    );
    let third = read("x1**(2/3)");
    assert_eq!(third.to_latex(&[]), "x_{1}^{2/3}");
}

#[test]
fn nesting_ends_at_a_hundred_levels() {
    for (open, inner, close) in [("(", "x1", ")"), ("sin(", "x1", ")"), ("1**", "1", "")] {
        let nested = |n: usize| open.repeat(n) + inner + &close.repeat(n);
        read(&nested(100));
        let place = 101 * open.len() + 1;
        assert_eq!(
            refused(&nested(101), &[]),
            format!("formula, position {place}: a formula is nested at most 100 levels deep")
        );
    }
}

#[test]
fn the_longest_and_deepest_formulas_are_written_and_computed() {
    let thousands = |symbol: &str| vec!["x"; 5000].join(symbol);
    let nested = |open: &str, n: usize| open.repeat(n) + "x" + &")".repeat(n);
    let texts = [
        thousands("+"),
        thousands("-"),
        thousands("*"),
        thousands("/"),
        "-".repeat(9999) + "x",
        "x**64*".repeat(1400) + "x",
        nested(
            "x+x+x+x+x+x+x+x+x+x+x+x+x*x*x*x*x*x*x*x*x*x*x*x*x*x*x*x*x*x/x/x/x/x/x/x/x/x*-tanh(",
            100,
        ),
        nested("-x/sin(", 100),
        nested("x/(x+x*(", 50) + &")".repeat(50),
    ];
    let names = ["x".to_string()];
    for text in texts {
        let formula = Expression::parse(&text, &names).unwrap();
        assert!(!formula.to_formula(&names).is_empty());
        assert!(!formula.to_latex(&names).is_empty());
        assert!(formula.clone() == formula && formula.complexity() > 0);
        let (value, _) = formula.value_and_gradient(&[1.0]);
        assert!(value.is_finite(), "{value}: {text}");
    }
}

/// Every operator by itself, under every operator and above every operator, with numbers beside.
fn nested_operators() -> Vec<Expression> {
    let apply = |operator: Operator, first: Expression, second: Expression| match operator {
        Operator::Powi => Expression::apply(operator, vec![first, c(3.0)]).unwrap(),
        _ if operator.arity() == 1 => Expression::apply(operator, vec![first]).unwrap(),
        _ => Expression::apply(operator, vec![first, second]).unwrap(),
    };
    let mut formulas = Vec::new();
    for &inner in support::OPERATORS {
        let single = apply(inner, x(1), x(2));
        for &outer in support::OPERATORS {
            formulas.extend([
                apply(outer, single.clone(), x(3)),
                apply(outer, x(3), single.clone()),
                apply(outer, single.clone() + c(0.5), c(-1.5) * single.clone()),
                c(2.0) / apply(outer, single.clone(), x(1)) - single.clone() * x(3),
            ]);
        }
        formulas.extend([
            Expression::apply(Operator::Powi, vec![single.clone(), c(-2.0)]).unwrap(),
            Expression::apply(Operator::Powi, vec![single.clone(), c(0.0)]).unwrap() + x(1),
            Expression::apply(Operator::Powi, vec![single.clone(), c(1.0) + c(1.0)]).unwrap()
                * x(2),
            Expression::apply(
                Operator::Square,
                vec![
                    Expression::apply(Operator::Powi, vec![single.clone(), c(1.0) + c(2.0)])
                        .unwrap(),
                ],
            )
            .unwrap(),
            single,
        ]);
    }
    formulas.push(Expression::apply(Operator::Sigmoid, vec![x(1) - c(0.5)]).unwrap());
    formulas
}

/// Points where all of them are finite and small.
const NESTED_POINTS: [[f64; 3]; 2] = [[0.71, 0.43, 0.38], [1.17, 0.62, 1.31]];

fn assert_same(formula: &Expression, point: &[f64], found: f64, how: &str) {
    let expected = formula.value(point);
    if expected.is_finite() && expected.abs() < 1e6 {
        assert!(
            (found - expected).abs() < TOLERANCE * (1.0 + expected.abs()),
            "{formula} at {point:?} is {expected}, but {how} finds {found} (tree: {formula:?})"
        );
    }
}

#[test]
fn every_operator_in_every_other_is_read_back_with_the_same_value() {
    for formula in nested_operators() {
        let again = read(&formula.to_string());
        for point in NESTED_POINTS {
            assert_same(&formula, &point, again.value(&point), "reading back");
        }
    }
}

#[test]
fn every_operator_in_every_other_has_the_same_value_in_sympy() {
    const EVALUATE: &str = "
import json, sys
import mpmath, sympy
variables = sympy.symbols('x1 x2 x3')
task = json.load(sys.stdin)
answers = []
for text in task['formulas']:
    formula = sympy.parse_expr(text, evaluate=False)
    unknown = formula.free_symbols - set(variables)
    assert not unknown, f'{text}: {unknown}'
    function = sympy.lambdify(variables, formula, 'mpmath')
    found = []
    for point in task['points']:
        try:
            value = complex(function(*point))
        except (ZeroDivisionError, OverflowError, TypeError):
            value = complex('nan')
        found.append([value.real, value.imag] if value == value else [None, None])
    answers.append(found)
json.dump(answers, sys.stdout)
";
    let formulas = nested_operators();
    let texts: Vec<String> = formulas.iter().map(Expression::to_string).collect();
    let question = serde_json::json!({"formulas": texts, "points": NESTED_POINTS});
    let printed = support::python(EVALUATE, &question.to_string());
    let answers: Vec<Vec<[Option<f64>; 2]>> = serde_json::from_str(&printed).unwrap();
    assert_eq!(answers.len(), formulas.len());
    for (formula, answers) in formulas.iter().zip(answers) {
        for (point, [real, imaginary]) in NESTED_POINTS.iter().zip(answers) {
            // An imaginary part comes from roots, powers and logarithms of negative numbers.
            let found = match imaginary {
                Some(0.0) => real.unwrap_or(f64::NAN),
                _ => f64::NAN,
            };
            assert_same(formula, point, found, "sympy");
        }
    }
}

#[test]
fn latex_has_balanced_braces_and_delimiters() {
    let mut formulas = nested_operators();
    let [soft, hill] = support::custom_operators();
    formulas.push(
        Expression::apply(soft, vec![x(1)]).unwrap() * Expression::apply(soft, vec![x(1)]).unwrap(),
    );
    formulas.push(c(1.0) / Expression::apply(hill, vec![x(1), x(2)]).unwrap());
    for formula in formulas {
        for names in [
            vec![],
            ["flow_rate", "größe", "_3"].map(String::from).to_vec(),
        ] {
            let latex = formula.to_latex(&names);
            let mut depth = 0;
            for symbol in latex.replace("\\_", "").chars() {
                match symbol {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => (),
                }
                assert!(depth >= 0, "{latex}");
            }
            assert_eq!(depth, 0, "{latex}");
            let n_of = |piece: &str| latex.matches(piece).count();
            assert_eq!(n_of("\\left"), n_of("\\right"), "{latex}");
            // A power of a power needs braces around the inner one.
            assert!(
                !latex.contains("}^{2}^") && !latex.contains("}^{3}^"),
                "{latex}"
            );
        }
    }
}

#[test]
fn latex_shows_names_with_its_own_symbols_as_they_are() {
    let names = ["fat in % (g/100 g)".to_string(), "a{b".to_string()];
    assert_eq!(
        (x(1) * x(2)).to_latex(&names),
        r"\mathrm{a\{b} \mathrm{fat\ in\ \%\ (g/100\ g)}"
    );
}

#[test]
fn functions_are_read_by_sympys_names_as_well() {
    let apply = |operator, arguments| Expression::apply(operator, arguments).unwrap();
    assert_eq!(read("Max(x1, x2)"), apply(Operator::Max, vec![x(1), x(2)]));
    assert_eq!(read("Min(x1, x2)"), apply(Operator::Min, vec![x(1), x(2)]));
    assert_eq!(read("Abs(x1)"), apply(Operator::Abs, vec![x(1)]));
    assert!(refused("Sin(x1)", &[]).contains("\"Sin\" isn't a function"));
}

/// An exponent above 64 would be refused when it is read.
#[test]
fn high_powers_are_written_as_powers_of_powers() {
    let raised = |n: usize| {
        (0..n).fold(x(1), |base, _| {
            Expression::apply(Operator::Square, vec![base]).unwrap()
        })
    };
    for (formula, text) in [
        (raised(6), "x1**64"),
        (raised(7), "(x1**2)**64"),
        (read("x1**40*x1**40"), "x1**16*x1**64"),
    ] {
        assert_eq!(formula.to_string(), text);
        let (value, again) = (formula.value(&[1.01]), read(text).value(&[1.01]));
        assert!((value - again).abs() < TOLERANCE * value);
    }
    let names = names(1);
    let deep = Expression::parse(&("square(".repeat(90) + "x1" + &")".repeat(90)), &names).unwrap();
    assert!(deep.to_formula(&names).len() < 1000 && deep.to_latex(&names).len() < 2000);
}
