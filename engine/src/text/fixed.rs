//! Logarithms, powers and roots on whole numbers, so that a score is the same on every platform.
//!
//! `f64::ln` may differ in its last bit from one C library to another; these do not. The unit is the *milli*: 1000 is 1.

/// log2 of `numerator / denominator` in thousandths; 0 when either is 0.
pub(crate) fn log2_milli(numerator: u64, denominator: u64) -> i64 {
    if numerator == 0 || denominator == 0 {
        return 0;
    }
    log2_of(numerator) - log2_of(denominator)
}

/// log2 of a whole number in thousandths: the integer part from the leading bit, the fraction by repeated squaring.
fn log2_of(value: u64) -> i64 {
    let whole = i64::from(63 - value.leading_zeros());
    // The mantissa as 1.31 fixed point, in 1..2.
    let mut mantissa = if whole >= 31 { value >> (whole - 31) } else { value << (31 - whole) };
    let mut fraction: i64 = 0;
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 31;
        fraction <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    whole * 1000 + (fraction * 1000) / 65_536
}

/// 2 to the power of `exponent` thousandths, times `scale`; exponents at and below -40000 give 0, above 20000 saturate.
pub(crate) fn exp2_scaled(exponent: i64, scale: u64) -> u64 {
    if exponent <= -40_000 {
        return 0;
    }
    let bounded = exponent.min(20_000);
    let whole = bounded.div_euclid(1000);
    let rest = bounded.rem_euclid(1000) as u64;
    // 2^x on 0..1 by 1 + 0.6565x + 0.3435x², exact at both ends and within 0.3 % between.
    let power = 1_000_000 + 656 * rest + (344 * rest * rest) / 1000;
    let scaled = u128::from(scale) * u128::from(power);
    let shifted = if whole >= 0 { scaled << whole } else { scaled >> (-whole) };
    u64::try_from(shifted / 1_000_000).unwrap_or(u64::MAX)
}

/// The largest whole number whose square is not above `value`.
pub(crate) fn root(value: u64) -> u64 {
    value.isqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_and_powers_meet_known_values() {
        for (numerator, denominator, expected) in
            [(8, 1, 3000), (1, 4, -2000), (3, 1, 1584), (10, 3, 1736), (1, 1, 0)]
        {
            let found = log2_milli(numerator, denominator);
            assert!((found - expected).abs() <= 1, "log2 {numerator}/{denominator} = {found}");
        }
        for (exponent, expected) in [(0, 1000), (1000, 2000), (-1000, 500), (1584, 2998), (-3000, 125)] {
            let found = exp2_scaled(exponent, 1000);
            assert!(found.abs_diff(expected) <= 8, "2^{exponent} = {found}");
        }
        assert_eq!(exp2_scaled(-50_000, 1_000_000), 0);
        assert_eq!(root(99), 9);
    }
}
